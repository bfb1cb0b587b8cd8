import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { describe } from './about.ts';
import type { PanelBuilder, PanelFrame } from './panel.ts';

/** Words, in Markdown. */
export interface Note extends PanelFrame {
  readonly text: string;
}

/** Makes a text panel. */
export function note({ title, about, width, height, text }: Note): PanelBuilder {
  return new TextBuilder()
    .title(title)
    .description(describe(about))
    .span(width)
    .height(height)
    .mode(TextMode.Markdown)
    .content(text);
}
