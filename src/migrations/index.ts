import { Logs1763700000001 } from './1763700000001-logs.js';
import { Access1763700000002 } from './1763700000002-access.js';
import { Admission1763700000003 } from './1763700000003-admission.js';
import { Platform1763700000004 } from './1763700000004-platform.js';
import { Campaigns1763700000005 } from './1763700000005-campaigns.js';
import { Jobs1763700000006 } from './1763700000006-jobs.js';
import { KeyUsage1764000000001 } from './1764000000001-key-usage.js';
import { EventRequests1764000000002 } from './1764000000002-event-requests.js';
import { KeyLife1764000000011 } from './1764000000011-key-life.js';
import { People1764000000012 } from './1764000000012-people.js';
import { SignIn1764000000013 } from './1764000000013-sign-in.js';
import { SealedHashes1764000000014 } from './1764000000014-sealed-hashes.js';
import { InvitationMasters1764000000016 } from './1764000000016-invitation-masters.js';
import { QuotaTold1764100000001 } from './1764100000001-quota-told.js';
import { UsageIndexes1764100000011 } from './1764100000011-usage-indexes.js';
import { Evidence1764200000001 } from './1764200000001-evidence.js';
import { Checkpoints1764200000011 } from './1764200000011-checkpoints.js';
import { AuditViews1764200000021 } from './1764200000021-audit-views.js';
import { SearchIndexes1764200000022 } from './1764200000022-search-indexes.js';
import { AuditExports1764200000031 } from './1764200000031-audit-exports.js';
import { Retention1764200000041 } from './1764200000041-retention.js';
import { Erasures1764200000042 } from './1764200000042-erasures.js';
import { AuditVerifications1764200000051 } from './1764200000051-audit-verifications.js';
import { EventSequence1764300000001 } from './1764300000001-event-sequence.js';
import { KeySightings1764300000002 } from './1764300000002-key-sightings.js';
import { Webhooks1764300000011 } from './1764300000011-webhooks.js';
import { CampaignLife1764400000001 } from './1764400000001-campaign-life.js';
import { StoreJobs1764400000002 } from './1764400000002-store-jobs.js';
import { Products1764400000003 } from './1764400000003-products.js';
import { Audiences1764400000004 } from './1764400000004-audiences.js';
import { LandingPages1764400000005 } from './1764400000005-landing-pages.js';
import { Posts1764400000006 } from './1764400000006-posts.js';
import { Media1764400000011 } from './1764400000011-media.js';
import { SocialAccounts1764400000021 } from './1764400000021-social-accounts.js';
import { ContentPlans1764400000022 } from './1764400000022-content-plans.js';
import { ContentMediaUses1764400000023 } from './1764400000023-content-media-uses.js';
import { Analytics1764500000001 } from './1764500000001-analytics.js';
import { AnalyticsReports1764500000021 } from './1764500000021-analytics-reports.js';
import { AnalyticsExports1764500000022 } from './1764500000022-analytics-exports.js';
import { PageAnalytics1764500000031 } from './1764500000031-page-analytics.js';
import { GeneratedContent1764400000024 } from './1764400000024-generated-content.js';

/** In the order they run. A new module appends its own. */
export const MIGRATIONS = [
  Logs1763700000001,
  Access1763700000002,
  Admission1763700000003,
  Platform1763700000004,
  Campaigns1763700000005,
  Jobs1763700000006,
  KeyUsage1764000000001,
  EventRequests1764000000002,
  KeyLife1764000000011,
  People1764000000012,
  SignIn1764000000013,
  SealedHashes1764000000014,
  InvitationMasters1764000000016,
  QuotaTold1764100000001,
  UsageIndexes1764100000011,
  Evidence1764200000001,
  Checkpoints1764200000011,
  AuditViews1764200000021,
  SearchIndexes1764200000022,
  AuditExports1764200000031,
  Retention1764200000041,
  Erasures1764200000042,
  AuditVerifications1764200000051,
  EventSequence1764300000001,
  KeySightings1764300000002,
  Webhooks1764300000011,
  CampaignLife1764400000001,
  StoreJobs1764400000002,
  Products1764400000003,
  Audiences1764400000004,
  LandingPages1764400000005,
  Posts1764400000006,
  Media1764400000011,
  SocialAccounts1764400000021,
  ContentPlans1764400000022,
  ContentMediaUses1764400000023,
  GeneratedContent1764400000024,
  Analytics1764500000001,
  AnalyticsReports1764500000021,
  AnalyticsExports1764500000022,
  PageAnalytics1764500000031,
];
