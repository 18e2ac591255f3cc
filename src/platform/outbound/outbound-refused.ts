/** Why nothing was sent, or no answer came whole. */
export type OutboundFailure =
  | 'address_invalid'
  | 'address_refused'
  | 'name_not_found'
  | 'timeout'
  | 'tls'
  | 'connection'
  | 'request_invalid';

/** An address that a customer gave and that nothing is sent to. The message may be shown to them. */
export class OutboundRefused extends Error {
  constructor(
    readonly reason: OutboundFailure,
    message: string,
  ) {
    super(message);
  }
}
