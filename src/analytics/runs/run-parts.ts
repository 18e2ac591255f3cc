import { ArtefactDownloads } from './artefact-downloads.js';
import { ArtefactStorage } from './artefact-storage.js';
import { RunHistory } from './run-history.js';
import { RunJobs } from './run-jobs.js';
import { RunRecords } from './run-records.js';

/** What the module of analytics has of runs. */
export const RUN_PROVIDERS = [ArtefactDownloads, ArtefactStorage, RunHistory, RunJobs, RunRecords];
