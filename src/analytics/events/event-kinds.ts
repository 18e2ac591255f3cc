/** What can happen. Money is in `conversion` (what came in) and `spend` (what was paid for being seen). */
export const EVENT_KINDS = [
  'impression',
  'click',
  'visit',
  'page_view',
  'add_to_cart',
  'checkout',
  'sign_up',
  'conversion',
  'spend',
  'custom',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
