import { priceText } from '../../../content/index.js';
import type { Metrics } from '../../metrics/metrics.js';

/** How a figure is read: a count, money in minor units, a share, or a factor. */
type Kind = 'count' | 'money' | 'share' | 'factor';

/** The figures in the order in which they are shown. */
export const FIGURES: readonly {
  readonly name: keyof Metrics;
  readonly label: string;
  readonly kind: Kind;
}[] = [
  { name: 'impressions', label: 'Impressions', kind: 'count' },
  { name: 'clicks', label: 'Clicks', kind: 'count' },
  { name: 'visits', label: 'Visits', kind: 'count' },
  { name: 'pageViews', label: 'Page views', kind: 'count' },
  { name: 'conversions', label: 'Conversions', kind: 'count' },
  { name: 'revenueMinor', label: 'Revenue', kind: 'money' },
  { name: 'spendMinor', label: 'Spend', kind: 'money' },
  { name: 'ctr', label: 'Click rate', kind: 'share' },
  { name: 'cvr', label: 'Conversions per click', kind: 'share' },
  { name: 'visitCvr', label: 'Conversions per visit', kind: 'share' },
  { name: 'cpaMinor', label: 'Cost per conversion', kind: 'money' },
  { name: 'roas', label: 'Return on spend', kind: 'factor' },
];

const count = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 });
const factor = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

/** A figure as people read it; a dash where there is none. */
export function figureText(value: number | null, kind: Kind, currency: string | null): string {
  if (value === null || (kind === 'money' && currency === null)) return '–';
  if (kind === 'money') return priceText(value, currency ?? '');
  return (kind === 'count' ? count : kind === 'share' ? share : factor).format(value);
}

const credit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** Conversions, and parts of them. */
export function creditText(conversions: number): string {
  return credit.format(conversions);
}

/** By how much a figure differs from the one before, e.g. `+12 %`; undefined where that says nothing. */
export function changeText(now: number | null, before: number | null): string | undefined {
  if (now === null || before === null || before === 0) return undefined;
  const percent = Math.round(((now - before) / before) * 100);
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}
