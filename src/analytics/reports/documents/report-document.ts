import type { AttributionView } from '../../attribution/dto/attribution-view.js';
import type { FunnelView } from '../../funnels/dto/funnel-view.js';
import type { DashboardView, GroupView, RankingView, TrafficView } from '../../metrics/dto/metrics-view.js';
import type { SectionName } from '../report.entity.js';

/** A section, with what is in it. A kind of section that is to come adds a member here. */
export type Section =
  | { readonly name: 'dashboard'; readonly figures: DashboardView }
  | { readonly name: 'campaigns' | 'audiences' | 'posts'; readonly figures: RankingView }
  | { readonly name: 'traffic'; readonly figures: TrafficView }
  | { readonly name: 'funnel'; readonly figures: FunnelView }
  | { readonly name: 'attribution'; readonly figures: AttributionView };

/** What a report says, before it is written in a format. */
export interface ReportDocument {
  readonly report: { readonly id: string; readonly name: string };
  readonly run: { readonly id: string };
  /** RFC 3339. */
  readonly from: string;
  /** Not included. */
  readonly to: string;
  readonly timezone: string;
  /** Of the money in it; null where there is none. */
  readonly currency: string | null;
  readonly generatedAt: string;
  readonly sections: readonly Section[];
}

export interface DocumentTable {
  readonly section: SectionName;
  readonly title: string;
  readonly groups: readonly GroupView[];
}

/** A section that compares groups. */
export type ComparingSection = Extract<Section, { readonly figures: RankingView | TrafficView }>;

/** What is compared in a section. */
export function tablesOf({ name, figures }: ComparingSection): DocumentTable[] {
  const table = (title: string, groups: readonly GroupView[]) => ({ section: name, title, groups });
  if (name !== 'traffic') return [table(TITLES[name], figures.data)];
  const { channels, sources, pages } = figures;
  return [table('Channels', channels), table('Sources', sources), table('Pages', pages)];
}

export const TITLES: Readonly<Record<SectionName, string>> = {
  dashboard: 'Overview',
  campaigns: 'Campaigns',
  audiences: 'Audiences',
  posts: 'Posts',
  traffic: 'Traffic',
  funnel: 'Funnel',
  attribution: 'Attribution',
};
