import { csvRecord, type CsvValue } from '../../../platform/csv/index.js';
import type { AttributionView } from '../../attribution/dto/attribution-view.js';
import { MODELS } from '../../attribution/attribution-sql.js';
import type { FunnelStepView } from '../../funnels/dto/funnel-view.js';
import type { Metrics } from '../../metrics/metrics.js';
import { FIGURES } from './figures-text.js';
import { type ReportDocument, tablesOf } from './report-document.js';

/** Which figures a line has. */
interface Line {
  readonly section: string;
  /**
   * `total`, `point` (of the series) or `group`; of the time before, `previous_total` and so on. `step` of a funnel;
   * `credit` by a model, and what is `unattributed`.
   */
  readonly part: string;
  readonly table?: string;
  readonly value?: string;
  readonly name?: string | null;
  readonly from: string;
  readonly to: string;
  readonly metrics?: Partial<Metrics>;
  readonly step?: FunnelStepView;
  readonly model?: string;
}

const COLUMNS = ['section', 'part', 'table', 'value', 'name', 'from', 'to', 'currency'] as const;

const STEP_FIGURES = ['visitors', 'rate', 'overallRate', 'dropOff'] as const;

/** A report as one table: a line for each total, point, group, step and credit, all with the same columns. */
export function csvOf(document: ReportDocument): string {
  const head = csvRecord([...COLUMNS, ...FIGURES.map(({ name }) => name), ...STEP_FIGURES, 'model']);
  return (
    head +
    linesOf(document)
      .map((line) => csvRecord(valuesOf(line, document.currency)))
      .join('')
  );
}

function valuesOf(line: Line, currency: string | null): CsvValue[] {
  const { section, part, table = null, value = null, name = null, from, to, metrics, step, model } = line;
  return [
    section,
    part,
    table,
    value,
    name,
    from,
    to,
    currency,
    ...FIGURES.map((figure) => metrics?.[figure.name] ?? null),
    ...STEP_FIGURES.map((figure) => step?.[figure] ?? null),
    model ?? null,
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
    if (section.name === 'funnel') {
      const line = { section: section.name, part: 'step', from, to };
      return section.figures.steps.map((step) => ({ ...line, value: step.step, step }));
    }
    if (section.name === 'attribution') return creditsOf(section.figures, { from, to });
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

/** Credit is told in the columns of conversions and of revenue. */
function creditsOf(
  { total, unattributed, data }: AttributionView,
  span: { readonly from: string; readonly to: string },
): Line[] {
  const line = { section: 'attribution', ...span };
  return [
    { ...line, part: 'total', metrics: total },
    { ...line, part: 'unattributed', metrics: unattributed },
    ...data.flatMap(({ value, name, credit }) =>
      MODELS.map((model) => ({ ...line, part: 'credit', value, name, model, metrics: credit[model] })),
    ),
  ];
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
