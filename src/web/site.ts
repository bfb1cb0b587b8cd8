/** One cell of a status table; shown as text, whatever it holds. */
export type Cell = string | number;

/** One table of the landing page. The first column names its row. */
export interface StatusTable {
  title: string;
  /** A sentence under the title: what the numbers mean. */
  note?: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** What one scrape gives. */
export interface Exposition {
  /** The value of the Content-Type header. */
  contentType: string;
  body: string;
  /** 200 unless given; 503 while no number may be shown yet. */
  status?: 200 | 503;
}

/** Whether the exporter sees what it is there to see. */
export interface Readiness {
  ready: boolean;
  /** One line of text for a person, also when ready. */
  reason: string;
}

/** What the web room serves, and everything it knows of the rest of the program. */
export interface Site {
  /** Path of the metrics, beginning with a slash. */
  telemetryPath: string;
  /** Scrapes served at once; more are answered 503. 0 means no limit. */
  maxRequests: number;
  version: string;
  /** Renders the metrics; a rejection is answered 500. */
  scrape(): Promise<Exposition>;
  readiness(): Readiness;
  /** The live state for the landing page. */
  status(): StatusTable[];
  /** Takes one line that says what could not be served and why. */
  onError(message: string): void;
}
