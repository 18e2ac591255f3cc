export { mayConnectTo } from './address-check.js';
export type { ResolveName } from './checked-addresses.js';
export { checkedLookup } from './checked-lookup.js';
export { isFinalRefusal } from './final-refusal.js';
export * from './outbound.js';
export { type OutboundFailure, OutboundRefused } from './outbound-refused.js';
export * from './signature.js';
export { assertTarget } from './assert-target.js';
export { targetOf } from './target.js';
