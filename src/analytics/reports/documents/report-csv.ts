import { csvRecord, type CsvValue } from '../../../platform/csv/index.js';
import type { Metrics } from '../../metrics/metrics.js';
import { FIGURES } from './figures-text.js';
import { type ReportDocument, tablesOf } from './report-document.js';

/** Which figures a line has. */
interface Line {
  readonly section: string;
  /** `total`, `point` (of the series) or `group`; of the time before, `previous_total` and so on. */
  readonly part: string;
  readonly table?: string;
  readonly value?: string;
  readonly name?: string | null;
  readonly from: string;
  readonly to: string;
  readonly metrics: Metrics;
}

const COLUMNS = ['section', 'part', 'table', 'value', 'name', 'from', 'to', 'currency'] as const;

/** A report as one table: a line for each total, point and group, all with the same columns. */
export function csvOf(document: ReportDocument): string {
  const head = csvRecord([...COLUMNS, ...FIGURES.map(({ name }) => name)]);
  return (
    head +
    linesOf(document)
      .map((line) => csvRecord(valuesOf(line, document.currency)))
      .join('')
  );
}

function valuesOf(line: Line, currency: string | null): CsvValue[] {
  const { section, part, table = null, value = null, name = null, from, to, metrics } = line;
  return [
    section,
    part,
    table,
    value,
    name,
    from,
    to,
    currency,
    ...FIGURES.map((figure) => metrics[figure.name]),
  ];
}

function linesOf({ sections, from, to }: ReportDocument): Line[] {
  return sections.flatMap((section): Line[] => {
    if (section.name === 'dashboard') {
      const { totals, series, previous } = section.figures;
      return [
        ...partsOf('', { from, to, totals, series }),
        ...(previous ? partsOf('previous_', previous) : []),
      ];
    }
    return tablesOf(section).flatMap(({ title, groups }) =>
      groups.flatMap(({ value, name, metrics, previous }): Line[] => {
        const line = { section: section.name, table: title, value, name, from, to };
        return [
          { ...line, part: 'group', metrics },
          ...(previous ? [{ ...line, part: 'previous_group', metrics: previous }] : []),
        ];
      }),
    );
  });
}

function partsOf(
  prefix: string,
  {
    from,
    to,
    totals,
    series,
  }: {
    readonly from: string;
    readonly to: string;
    readonly totals: Metrics;
    readonly series: readonly (Metrics & { readonly from: string; readonly to: string })[];
  },
): Line[] {
  const section = 'dashboard';
  return [
    { section, part: `${prefix}total`, from, to, metrics: totals },
    ...series.map((point) => ({
      section,
      part: `${prefix}point`,
      from: point.from,
      to: point.to,
      metrics: point,
    })),
  ];
}
