import { Html } from '../../../platform/html/index.js';

/** How a report looks, by day and by night, on a screen and on paper. */
export const STYLE = new Html(`
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d7dce1; --page: #fff; --tile: #f5f7f9; --accent: #0b6bcb; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ebee; --soft: #9aa5b1; --line: #30363d; --page: #0f1317; --tile: #181d23; --accent: #6cb2ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.15rem; }
h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
header p, footer, span, small, figcaption { color: var(--soft); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .75rem; margin: 0; }
dl div { padding: .75rem; border-radius: .5rem; background: var(--tile); }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
figure { margin: 1.25rem 0 0; }
svg { display: block; width: 100%; height: 6rem; border-bottom: 1px solid var(--line); }
polyline { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 500; }
tbody th { font-weight: 400; }
footer { margin-top: 3rem; font-size: .85rem; }
@media print { main { max-width: none; padding: 0; } section { break-inside: avoid-page; } }
`);
