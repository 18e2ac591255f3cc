import type { DashboardView } from '../../metrics/dto/metrics-view.js';
import type { Metrics } from '../../metrics/metrics.js';
import { changeText, FIGURES, figureText } from './figures-text.js';
import { html, type Html } from '../../../platform/html/index.js';
import { lineChart } from './line-chart.js';
import { type ReportDocument, type Section, tablesOf, TITLES } from './report-document.js';
import { STYLE } from './report-style.js';
import { creditTable, funnelTable, groupTable } from './tables.js';

/** Those that a line is drawn of. */
const DRAWN: readonly (keyof Metrics)[] = ['visits', 'conversions', 'revenueMinor'];

/** A report as a page that needs nothing else: its styles are in it, and it runs nothing. */
export function htmlOf(document: ReportDocument): string {
  const { report, sections, timezone, generatedAt } = document;
  const days = daysText(document);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${report.name}: ${days}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${report.name}</h1>
            <p>${days} <span>(${timezone})</span></p>
          </header>
          ${sections.map((section) => sectionOf(section, document))}
          <footer>Made ${generatedAt.slice(0, 16).replace('T', ' ')} UTC</footer>
        </main>
      </body>
    </html> `.text;
}

/** The days of a report as people name them, e.g. `26 Oct 2026 – 1 Nov 2026`. */
export function daysText({ from, to, timezone }: Pick<ReportDocument, 'from' | 'to' | 'timezone'>): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: timezone });
  const [first, last] = [format.format(new Date(from)), format.format(new Date(Date.parse(to) - 1))];
  return first === last ? first : `${first} – ${last}`;
}

function sectionOf(section: Section, { currency }: ReportDocument): Html {
  return html`<section>
    <h2>${TITLES[section.name]}</h2>
    ${contentOf(section, currency)}
  </section> `;
}

function contentOf(section: Section, currency: string | null): Html | Html[] {
  switch (section.name) {
    case 'dashboard':
      return overview(section.figures, currency);
    case 'funnel':
      return funnelTable(section.figures);
    case 'attribution':
      return creditTable(section.figures, currency);
    default:
      return tablesOf(section).map((table) => groupTable(table, section.name === 'traffic', currency));
  }
}

function overview({ totals, series, previous }: DashboardView, currency: string | null): Html {
  const tiles = FIGURES.map(({ name, label, kind }) => {
    const change = previous ? changeText(totals[name], previous.totals[name]) : undefined;
    return html`<div>
      <dt>${label}</dt>
      <dd>
        ${figureText(totals[name], kind, currency)}${
          change === undefined ? '' : html` <small>${change}</small>`
        }
      </dd>
    </div> `;
  });
  const lines = FIGURES.filter(({ name }) => DRAWN.includes(name)).map(({ name, label, kind }) => {
    const values = series.map((point) => point[name] ?? 0);
    return lineChart(label, values, figureText(Math.max(0, ...values), kind, currency));
  });
  return html`<dl>${tiles}</dl>
    ${lines}`;
}
