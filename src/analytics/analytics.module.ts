import { Module } from '@nestjs/common';
import { ContentModule } from '../content/index.js';
import { StoreJobsModule } from '../jobs/index.js';
import { RecordsModule } from '../platform/records/index.js';
import { StoreContents, TenantsModule } from '../tenants/index.js';
import { AttributionController } from './attribution/attribution.controller.js';
import { AttributionService } from './attribution/attribution.service.js';
import { EventIntake } from './events/event-intake.js';
import { EventPartitions } from './events/event-partitions.js';
import { EventsController } from './events/events.controller.js';
import { EXPORT_CONTROLLERS, EXPORT_PROVIDERS } from './export-configurations/export-parts.js';
import { FunnelsController } from './funnels/funnels.controller.js';
import { FunnelsService } from './funnels/funnels.service.js';
import { Figures } from './metrics/figures.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsService } from './metrics/metrics.service.js';
import { TrafficController } from './metrics/traffic.controller.js';
import { REPORT_CONTROLLERS, REPORT_PROVIDERS } from './reports/report-parts.js';
import { Rebuild } from './rollups/rebuild.js';
import { lockRollups } from './rollups/roll.js';
import { RollupKeeper } from './rollups/rollup-keeper.js';
import { RUN_PROVIDERS } from './runs/run-parts.js';
import { PageEventIntake } from './snippet/page-event-intake.js';
import { PageEventThrottle } from './snippet/page-event-throttle.js';
import { PublicSnippet } from './snippet/public-snippet.js';

/** What is sent, what waits, and the sums of both. */
const TABLES = ['analytics_unrolled', 'analytics_rollups', 'analytics_event_ids'] as const;

/** What happens with a store's visitors, and the figures made of it. */
@Module({
  imports: [ContentModule, RecordsModule, StoreJobsModule, TenantsModule],
  controllers: [
    AttributionController,
    EventsController,
    FunnelsController,
    MetricsController,
    TrafficController,
    ...EXPORT_CONTROLLERS,
    ...REPORT_CONTROLLERS,
  ],
  providers: [
    AttributionService,
    EventIntake,
    EventPartitions,
    Figures,
    FunnelsService,
    MetricsService,
    PageEventIntake,
    PageEventThrottle,
    PublicSnippet,
    Rebuild,
    RollupKeeper,
    ...EXPORT_PROVIDERS,
    ...REPORT_PROVIDERS,
    ...RUN_PROVIDERS,
  ],
  exports: [RollupKeeper],
})
export class AnalyticsModule {
  constructor(contents: StoreContents) {
    contents.register({
      name: 'analyticsEvents',
      clear: async (tx, storeId) => {
        await lockRollups(tx);
        for (const table of TABLES) await tx.query(`DELETE FROM ${table} WHERE store_id = $1`, [storeId]);
        const [row] = await tx.query<{ count: number }[]>(
          `WITH gone AS (DELETE FROM analytics_events WHERE store_id = $1 RETURNING 1)
           SELECT count(*)::integer AS count FROM gone`,
          [storeId],
        );
        return row?.count ?? 0;
      },
    });
  }
}
