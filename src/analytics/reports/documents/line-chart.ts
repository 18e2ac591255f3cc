import { html, type Html } from '../../../platform/html/index.js';

const WIDTH = 640;
const HEIGHT = 96;
const EDGE = 4;

/** A series as one line, from 0 to its highest value; nothing where there is nothing to see. */
export function lineChart(label: string, values: readonly number[], highest: string): Html {
  const most = Math.max(...values);
  if (values.length < 2 || most <= 0) return html``;
  const step = (WIDTH - 2 * EDGE) / (values.length - 1);
  const points = values.map((value, index) => {
    const y = HEIGHT - EDGE - (Math.max(value, 0) / most) * (HEIGHT - 2 * EDGE);
    return `${(EDGE + index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  return html`<figure>
    <figcaption>${label} <span>up to ${highest}</span></figcaption>
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${label}, up to ${highest}"
      preserveAspectRatio="none"
    >
      <polyline points="${points.join(' ')}" />
    </svg>
  </figure>`;
}
