import { CsvError, parse } from 'csv-parse/sync';
import { JobFailed } from '../../jobs/index.js';

export const FEED_FORMATS = ['csv', 'json'] as const;
export type FeedFormat = (typeof FEED_FORMATS)[number];

/** One thing of a feed: its values by the names of its columns; of JSON whatever they are, of CSV texts. */
export type FeedRow = Readonly<Record<string, unknown>>;

export interface Feed {
  readonly rows: readonly FeedRow[];
  /** Rows of CSV that have another number of cells than there are names: counted from 1. */
  readonly ragged: ReadonlySet<number>;
}

/** More than anybody sends in one body. */
const MOST_ROWS = 100_000;

/**
 * Reads a feed: CSV (RFC 4180, UTF-8, comma or semicolon) whose first line has the names, or JSON, a list of objects.
 * Empty cells are left out.
 * @throws JobFailed `FEED_UNREADABLE` where it is neither
 */
export function readFeed(format: FeedFormat, content: string): Feed {
  const feed = format === 'csv' ? readCsv(content) : readJson(content);
  if (feed.rows.length === 0) throw unreadable('The feed has no rows.');
  if (feed.rows.length > MOST_ROWS) throw unreadable(`A feed has at most ${MOST_ROWS} rows.`);
  return feed;
}

function readCsv(content: string): Feed {
  const lines = cellsOf(content);
  const [names = [], ...rest] = lines;
  const clean = names.map((name) => name.trim());
  const blank = clean.findIndex((name) => name === '');
  if (blank >= 0) throw unreadable(`Column ${blank + 1} of the feed’s first line has no name.`);
  const twice = clean.find((name, index) => clean.indexOf(name) !== index);
  if (twice !== undefined) throw unreadable(`The feed’s first line has the column ${twice} twice.`);
  const ragged = new Set<number>();
  const rows = rest.map((cells, index) => {
    if (cells.length !== clean.length) ragged.add(index + 1);
    const given = clean.flatMap((name, column): [string, string][] => {
      const cell = cells[column]?.trim() ?? '';
      return cell === '' ? [] : [[name, cell]];
    });
    return Object.fromEntries(given);
  });
  return { rows, ragged };
}

function cellsOf(content: string): string[][] {
  try {
    const head = content.slice(0, Math.max(0, content.search(/[\r\n]|$/)));
    const delimiter = head.includes(';') && !head.includes(',') ? ';' : ',';
    return parse(content, { bom: true, delimiter, relax_column_count: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable(`The feed is no CSV: ${error.message}.`);
  }
}

function readJson(content: string): Feed {
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch {
    throw unreadable('The feed is no JSON.');
  }
  if (!Array.isArray(document)) throw unreadable('The feed must be a list of objects.');
  const rows = document.map((row: unknown, index) => {
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as FeedRow;
    throw unreadable(`Item ${index + 1} of the feed is no object.`);
  });
  return { rows, ragged: new Set() };
}

const unreadable = (message: string) => new JobFailed('FEED_UNREADABLE', message);
