import '@fontsource-variable/inter';
import * as grafana from '@grafana/data';
import { BigValue, GlobalStyles, PanelChrome, ThemeContext, TimeSeries, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { createRoot } from 'react-dom/client';
import { fillRegistries } from './fill-registries.mjs';
import { panelFrames } from './panel-frames.mjs';

// Grafana's grid: 24 columns, rows of 30 pixels, gaps of 8.
const COLUMNS = 24;
const ROW = 30;
const GAP = 8;

const theme = grafana.createTheme({
  colors: { mode: 'light' },
  typography: { fontFamily: 'Inter Variable, sans-serif' },
});

/** What of Grafana's libraries draws a type of panel. The application draws the others by code that it does not publish. */
const DRAWN = { stat: Stat, timeseries: Graph, table: Rows, text: Words };

/** Called by render.mjs in the page: draws a board with the answers of Prometheus, of the range in seconds. */
window.draw = async ({ board, answers, range, width }) => {
  fillRegistries(grafana);
  const panels = await Promise.all(
    board.panels.map(async (panel) => ({ panel, frames: await panelFrames(grafana, panel, answers[panel.id], theme) })),
  );
  const rows = Math.max(...board.panels.map(({ gridPos: { y, h } }) => y + h));
  createRoot(document.getElementById('board')).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <div
        style={{ position: 'relative', width, height: rows * (ROW + GAP), background: theme.colors.background.canvas }}
      >
        {panels.map((each) => (
          <Place key={each.panel.id} {...each} range={range} width={width} />
        ))}
      </div>
    </ThemeContext.Provider>,
  );
};

function Place({ panel, frames, range, width }) {
  const { x, y, w, h } = panel.gridPos;
  const size = { width: (width / COLUMNS) * w - GAP, height: h * (ROW + GAP) - GAP };
  const style = { position: 'absolute', left: (width / COLUMNS) * x + GAP / 2, top: y * (ROW + GAP), ...size };
  if (panel.type === 'row') return <h5 style={{ ...style, paddingTop: GAP }}>{panel.title}</h5>;
  const Drawn = DRAWN[panel.type] ?? Untold;
  return (
    <div style={style}>
      <PanelChrome title={panel.title} padding={panel.type === 'table' ? 'none' : 'md'} {...size}>
        {(innerWidth, innerHeight) => (
          <Drawn panel={panel} frames={frames} range={range} width={innerWidth} height={innerHeight} />
        )}
      </PanelChrome>
    </div>
  );
}

function Stat({ panel, frames, width, height }) {
  const { fieldConfig, options } = panel;
  const values = grafana.getFieldDisplayValues({
    ...{ data: frames, fieldConfig, theme, timeZone: 'utc', replaceVariables: (text) => text },
    reduceOptions: { values: false, ...options.reduceOptions },
  });
  return (
    <VizRepeater
      {...{ source: values, width, height, orientation: options.orientation, autoGrid: true }}
      getValues={() => values}
      renderValue={({ value, width, height, count }) => (
        <BigValue
          {...{ value: value.display, width, height, count, theme, colorMode: options.colorMode }}
          {...{ graphMode: options.graphMode, justifyMode: options.justifyMode, textMode: options.textMode }}
        />
      )}
    />
  );
}

function Graph({ panel, frames, range, width, height }) {
  if (frames.length === 0) return <Empty panel={panel} />;
  const [from, to] = [range.from, range.to].map((second) => grafana.dateTime(second * 1000));
  const timeRange = { from, to, raw: { from, to } };
  return <TimeSeries {...{ frames, width, height, timeRange, timeZone: 'utc', legend: panel.options.legend }} />;
}

function Rows({ panel, frames, width, height }) {
  const [frame] = frames;
  if (frame === undefined || frame.length === 0) return <Empty panel={panel} />;
  return (
    <TableNG {...{ data: frame, width, height, sortBy: panel.options.sortBy, cellHeight: panel.options.cellHeight }} />
  );
}

function Words({ panel }) {
  const html = grafana.renderTextPanelMarkdown(panel.options.content);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the board's own text, which Grafana has made safe
  return <div className="markdown-html" dangerouslySetInnerHTML={{ __html: html }} />;
}

function Empty({ panel }) {
  return <div style={MIDDLE}>{panel.fieldConfig.defaults.noValue}</div>;
}

function Untold({ panel }) {
  return <div style={MIDDLE}>({panel.type}: not in Grafana's published libraries, so not drawn)</div>;
}

const MIDDLE = { display: 'grid', placeItems: 'center', height: '100%', color: theme.colors.text.secondary };
