import { describe, expect, it } from 'vitest';
import { boardJson } from '../../dashboards/src/board.ts';
import { BOARDS } from '../../dashboards/src/boards.ts';
import { type BoardJson, boardPath, panelName, readBoard } from './board-file.ts';

describe('the committed boards', () => {
  it.each(Object.entries(BOARDS))('%s is what the generator gives (npm run dashboards)', async (file, board) => {
    const json = boardJson(board);
    try {
      await expect(json).toMatchFileSnapshot(boardPath(file));
    } catch {
      throw new Error(
        `dashboards/${file}: ${differences(JSON.parse(json), readBoard(file)).join('; ')}: change dashboards/src/ and run npm run dashboards`,
      );
    }
  });

  it.each(Object.entries(BOARDS))('%s comes out the same each time', (_file, board) => {
    expect(boardJson(board)).toBe(boardJson(board));
  });
});

describe('a difference', () => {
  it('is told by the name of the panel', () => {
    const [board = { rows: [] }] = Object.values(BOARDS).map((each) => JSON.parse(boardJson(each)) as BoardJson);
    const edited = structuredClone(board) as BoardJson;
    const panel = edited.panels.at(1);
    if (panel !== undefined) panel.gridPos.w += 1;
    edited.panels.pop();
    expect(differences(board as BoardJson, edited)).toEqual([
      'panel 2 "Accept source routes" differs',
      expect.stringMatching(/^panel \d+ "What each line proves" is missing$/),
    ]);
  });
});

/** Where a board differs from what it should be, a few words each. */
function differences(wanted: BoardJson, found: BoardJson): string[] {
  const foundPanels = new Map(found.panels.map((panel) => [panel.id, panel]));
  const wantedIds = new Set(wanted.panels.map(({ id }) => id));
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const ofPanels = [
    ...wanted.panels.flatMap((panel) => {
      const other = foundPanels.get(panel.id);
      if (other === undefined) return [`${panelName(panel)} is missing`];
      return same(panel, other) ? [] : [`${panelName(panel)} differs`];
    }),
    ...found.panels.filter(({ id }) => !wantedIds.has(id)).map((panel) => `${panelName(panel)} is not generated`),
  ];
  const keys = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].filter((key) => key !== 'panels');
  const ofBoard = keys.filter((key) => !same(wanted[key], found[key])).map((key) => `"${key}" differs`);
  const all = [...ofPanels, ...ofBoard];
  return all.length > 0 ? all : ['the text is formatted differently'];
}
