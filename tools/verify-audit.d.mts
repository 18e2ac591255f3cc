/** One place where the log does not hold. */
export interface BundleFinding {
  readonly kind: string;
  readonly log: string;
  readonly writer?: number;
  readonly batchNo?: number;
  readonly position?: number;
  readonly requestId?: string;
  readonly changeId?: number;
  readonly message: string;
}

export function verifyBundle(
  lines: AsyncIterable<string> | Iterable<string>,
  options?: { readonly keys?: readonly string[]; readonly published?: readonly object[] },
): Promise<{ findings: BundleFinding[]; summary: Readonly<Record<string, unknown>> }>;

/** Of one row's proof; nothing is proven without a checkpoint. */
export function verifyProof(
  proof: object,
  options?: { readonly keys?: readonly string[]; readonly published?: readonly object[] },
): { faults: string[]; record?: object; checkpoint?: object };
