import type { EventKind } from '../events/event-kinds.js';

/** Something that is made up. What is left out is not known of it. */
export interface DemoEvent {
  readonly kind: EventKind;
  readonly at: Date;
  readonly visitor?: string | undefined;
  readonly session?: string | undefined;
  /** UUIDs. */
  readonly campaignId?: string | undefined;
  readonly audienceId?: string | undefined;
  readonly postId?: string | undefined;
  readonly channel?: string | undefined;
  readonly source?: string | undefined;
  readonly page?: string | undefined;
  readonly product?: string | undefined;
  /** In cents. */
  readonly valueMinor?: number | undefined;
}

/** Where a visitor comes from. */
export type Origin = Pick<DemoEvent, 'campaignId' | 'postId' | 'channel' | 'source'>;
