import { html, type Html } from '../../../platform/html/index.js';
import { type Model, MODELS } from '../../attribution/attribution-sql.js';
import type { AttributionView, CreditView } from '../../attribution/dto/attribution-view.js';
import type { FunnelView } from '../../funnels/dto/funnel-view.js';
import type { Metrics } from '../../metrics/metrics.js';
import { changeText, creditText, FIGURES, figureText } from './figures-text.js';
import type { DocumentTable } from './report-document.js';

/** Those that a table of groups has: more do not fit on a page. */
const COMPARED: readonly (keyof Metrics)[] = [
  ...(['impressions', 'clicks', 'visits', 'conversions', 'revenueMinor', 'spendMinor', 'roas'] as const),
];

interface Row {
  readonly name: string;
  readonly cells: readonly (Html | string)[];
}

/** @param headings the first is that of the names */
function table(headings: readonly string[], rows: readonly Row[]): Html {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, cells }) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

const NOTHING = html`<p>Nothing happened.</p>`;

/** Groups, with how each differs from the time before. @param titled with the table's own title */
export function groupTable({ title, groups }: DocumentTable, titled: boolean, currency: string | null): Html {
  const columns = FIGURES.filter(({ name }) => COMPARED.includes(name));
  const heading = titled ? html`<h3>${title}</h3>` : html``;
  if (groups.length === 0) return html`${heading} ${NOTHING}`;
  const rows = groups.map(({ value, name, metrics, previous }) => ({
    name: name ?? value,
    cells: columns.map((column) => {
      const change = previous ? changeText(metrics[column.name], previous[column.name]) : undefined;
      const small = change === undefined ? '' : html` <small>${change}</small>`;
      return html`${figureText(metrics[column.name], column.kind, currency)}${small}`;
    }),
  }));
  return html`${heading} ${table(['Name', ...columns.map(({ label }) => label)], rows)}`;
}

/** How far visitors come. */
export function funnelTable({ steps, windowHours }: FunnelView): Html {
  const rows = steps.map(({ step, visitors, rate, overallRate, dropOff }, index) => ({
    name: step,
    cells: [
      figureText(visitors, 'count', null),
      html`<meter min="0" max="1" value="${String(overallRate ?? 0)}"></meter>
        ${figureText(overallRate, 'share', null)}`,
      index === 0 ? '' : figureText(rate, 'share', null),
      index === 0 ? '' : figureText(dropOff, 'count', null),
    ],
  }));
  const headings = ['Step', 'Visitors', 'Of all who entered', 'Of the step before', 'Came no further'];
  return html`<p>Hours from the first step to the last: at most ${windowHours}.</p>
    ${table(headings, rows)}`;
}

const MODEL_NAMES: Readonly<Record<Model, string>> = {
  first: 'First touch',
  last: 'Last touch',
  linear: 'Linear',
  timeDecay: 'Time decay',
  position: 'By position',
};

/** How much nothing led to; then whom conversions are due to, by each model. */
export function creditTable(
  { lookbackDays, total, unattributed, data }: AttributionView,
  currency: string | null,
): Html {
  if (total.conversions === 0) return NOTHING;
  const cell = ({ conversions, revenueMinor }: CreditView) =>
    html`${creditText(conversions)} <small>${figureText(revenueMinor, 'money', currency)}</small>`;
  const rows = data.map(({ value, name, credit }) => ({
    name: name ?? value,
    cells: MODELS.map((model) => cell(credit[model])),
  }));
  return html`<p>
      Conversions: ${creditText(total.conversions)}. Days looked back from each: ${lookbackDays}. Nothing led
      to: ${creditText(unattributed.conversions)}.
    </p>
    ${table(['Name', ...MODELS.map((model) => MODEL_NAMES[model])], rows)}`;
}
