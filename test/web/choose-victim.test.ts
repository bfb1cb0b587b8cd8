import { describe, expect, it } from 'vitest';
import { chooseVictim } from '../../src/web/choose-victim.ts';

/** Connections from a text such as `a a+ b`: their clients, the longest idle first, + with a request under way. */
function connections(text: string) {
  const words = text.split(' ');
  const clients = words.map((word) => word.replace('+', ''));
  return words.map((word, index) => ({
    index,
    crowd: { size: clients.filter((client) => client === clients[index]).length },
    answering: word.endsWith('+') ? 1 : 0,
  }));
}

describe('chooseVictim', () => {
  it.each([
    ['a a a', 0, 'the longest idle'],
    ['a+ a a', 1, 'one that waits for nothing'],
    ['a+ a+ a+', 0, 'the first when all are being answered'],
    ['b a a', 1, 'of the client that has the most'],
    ['b a+ a+', 1, 'even if that is being answered and another is idle'],
    ['b+ a c', 1, 'an idle one of clients that have as many'],
  ])('of %s it is number %i: %s', (text, index) => {
    expect(chooseVictim(connections(text))?.index).toBe(index);
  });

  it('of none it is none', () => {
    expect(chooseVictim([])).toBeUndefined();
  });
});
