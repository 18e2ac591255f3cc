/** SQL for the id of the master secret that a sealed box is under; null where there is no box. */
export function boxMasterId(column: string): string {
  // as SecretBox writes it: a byte of version, then the id
  return `encode(substring(${column} FROM 2 FOR 8), 'hex')`;
}
