import { Injectable } from '@nestjs/common';
import type { StoreScope } from '../../platform/http/index.js';
import { readInput } from '../../platform/http/input/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { AttributionService } from '../attribution/attribution.service.js';
import { FunnelsService } from '../funnels/funnels.service.js';
import type { Granularity } from '../metrics/buckets.js';
import { MetricsService } from '../metrics/metrics.service.js';
import { ArtefactStorage } from '../runs/artefact-storage.js';
import type { AnalyticsRun, Artefact } from '../runs/run.entity.js';
import { ReportAttributionBody } from './dto/section-body.js';
import { csvOf } from './documents/report-csv.js';
import type { ReportDocument, Section } from './documents/report-document.js';
import { htmlOf } from './documents/report-html.js';
import { type Days, daysOf, rangeOf } from '../schedules/periods.js';
import type { Report, ReportAttribution, ReportFormat, ReportFunnel, SectionName } from './report.entity.js';

/** What a run shows, as it was asked for when it was ordered. */
export interface ReportSettings {
  readonly name: string;
  readonly sections: readonly SectionName[];
  readonly days: Days;
  readonly granularity: Granularity;
  readonly timezone: string;
  readonly currency: string | null;
  readonly compareTo: 'previous' | null;
  readonly funnel: ReportFunnel | null;
  readonly attribution: ReportAttribution | null;
  readonly formats: readonly ReportFormat[];
}

/** Of each comparison. */
const MOST_GROUPS = 50;

const WRITERS: Readonly<Record<ReportFormat, (document: ReportDocument) => string>> = {
  html: htmlOf,
  csv: csvOf,
  json: (document) => `${JSON.stringify(document, null, 2)}\n`,
};

/** What a run of a report is about, when it is ordered at a moment. */
export function orderOf(
  report: Report,
  at: Date,
): Pick<AnalyticsRun, 'periodFrom' | 'periodTo' | 'settings'> {
  const { name, sections, period, granularity, timeZone, currency, compareTo, formats } = report;
  const { funnel, attribution } = report;
  const days = daysOf(period, at, timeZone);
  const { from, to } = rangeOf(days, timeZone);
  const settings: ReportSettings = {
    ...{ name, sections, days, granularity, timezone: timeZone, currency, compareTo, formats },
    ...{ funnel, attribution },
  };
  return { periodFrom: from, periodTo: to, settings };
}

/** Makes reports: asks for their figures, and writes them down. */
@Injectable()
export class ReportMaker {
  constructor(
    private readonly metrics: MetricsService,
    private readonly funnels: FunnelsService,
    private readonly attributions: AttributionService,
    private readonly artefacts: ArtefactStorage,
  ) {}

  async make(run: AnalyticsRun, store: StoreScope): Promise<Artefact[]> {
    const settings = run.settings as ReportSettings;
    const document = await this.document(run, store, settings);
    const made: Artefact[] = [];
    for (const format of settings.formats) {
      made.push(await this.artefacts.keep(format, WRITERS[format](document)));
    }
    return made;
  }

  private async document(
    { id, reportId, periodFrom, periodTo }: AnalyticsRun,
    store: StoreScope,
    settings: ReportSettings,
  ): Promise<ReportDocument> {
    const { name, timezone } = settings;
    // One currency for all of it, whichever is the one of most events.
    const asked = { ...settings.days, timezone, ...(settings.currency && { currency: settings.currency }) };
    const { currency } = await this.metrics.told(store, asked);
    const query = { ...asked, ...(currency === null ? {} : { currency }) };
    const sections: Section[] = [];
    for (const section of settings.sections) {
      sections.push(await this.section(section, store, settings, query));
    }
    return {
      report: { id: toPublicId('report', reportId ?? ''), name },
      run: { id: toPublicId('analyticsRun', id) },
      from: periodFrom?.toISOString() ?? '',
      to: periodTo?.toISOString() ?? '',
      ...{ timezone, currency, generatedAt: new Date().toISOString(), sections },
    };
  }

  private async section(
    name: SectionName,
    store: StoreScope,
    { granularity, compareTo, funnel, attribution }: ReportSettings,
    query: Days & { readonly timezone: string; readonly currency?: string },
  ): Promise<Section> {
    const asked = {
      ...query,
      ...(compareTo && { compareTo }),
      ...{ sortBy: 'events' as const, limit: MOST_GROUPS },
    };
    if (name === 'dashboard') {
      return { name, figures: await this.metrics.dashboard(store, { ...asked, granularity }) };
    }
    if (name === 'funnel') {
      if (!funnel) throw new Error('A run with the section of a funnel has its steps.');
      const wish = { ...query, step: [...funnel.steps], windowHours: funnel.windowHours };
      return { name, figures: await this.funnels.funnel(store, wish) };
    }
    if (name === 'attribution') {
      const wish = { ...query, ...(attribution ?? ATTRIBUTION), limit: MOST_GROUPS };
      return { name, figures: await this.attributions.attribution(store, wish) };
    }
    if (name === 'traffic') return { name, figures: await this.metrics.traffic(store, asked) };
    return { name, figures: await this.metrics.ranking(store, DIMENSION[name], asked) };
  }
}

/** As the route has it. */
const ATTRIBUTION = readInput(ReportAttributionBody, {}, 'body');
const DIMENSION = { campaigns: 'campaign', audiences: 'audience', posts: 'post' } as const;
