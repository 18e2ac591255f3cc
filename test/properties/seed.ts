/**
 * Where a property's random choices begin: the same in every run, so that what a test asserts of their variety
 * holds in all of them. PROPERTY_SEED=<number> looks elsewhere.
 */
export const SEED = Number(process.env['PROPERTY_SEED'] ?? 2026);
