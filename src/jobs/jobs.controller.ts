import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  BodyLimit,
  Context,
  Pollable,
  type RequestContext,
  Requires,
  Resource,
  setLocation,
  Store,
  StoreController,
  type StoreScope,
} from '../platform/http/index.js';
import { IdParam } from '../platform/http/input/index.js';
import type { Page } from '../platform/http/lists/index.js';
import { ApiAnswer, ApiErrors, ApiGroup, ApiPage } from '../platform/http/openapi/index.js';
import { JobBody, JobListQuery, JobQuery, RowErrorListQuery } from './dto/job.input.js';
import { JobTypesView, JobView, presentJobType, RowErrorView } from './dto/job.response.js';
import { JobTypes } from './job-types.js';
import { JobWaiters } from './job-waiters.js';
import { JobsService } from './jobs.service.js';

/** What a feed of some ten thousand rows has. */
const LARGEST_BODY_BYTES = 8 * 1_048_576;

@ApiGroup('Jobs', 'Work that takes longer than a request: imports, generated copy and images.')
@StoreController('jobs')
@Resource('content.jobs', { label: 'Jobs', highest: 'write' })
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly types: JobTypes,
    private readonly waiters: JobWaiters,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    operationId: 'listJobs',
    summary: 'List jobs',
    description: 'Those of the types whose resource you may read. A job is kept for 30 days after its end.',
  })
  @ApiPage(JobView, 'A page of the jobs that fit the filters.')
  @ApiErrors()
  list(
    @Context() { authenticated }: RequestContext,
    @Store() store: StoreScope,
    @Query() query: JobListQuery,
  ): Promise<Page<JobView>> {
    return this.jobs.list(authenticated, store, query);
  }

  @Get('types')
  @Requires('read')
  @ApiOperation({ operationId: 'listJobTypes', summary: 'List the types of jobs that can be ordered' })
  @ApiAnswer(JobTypesView, { description: 'The types.' })
  @ApiErrors()
  listTypes(): JobTypesView {
    return { data: this.types.list().map(presentJobType) };
  }

  @Get(':id')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'getJob',
    summary: 'Get a job: how far it is, and what came of it',
    description:
      'With `wait`, answered at the end of the job, or when the time is over. The polling interval does not apply.',
  })
  @ApiAnswer(JobView, { description: 'The job.' })
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('job') id: string,
    @Query() { wait }: JobQuery,
  ): Promise<JobView> {
    const job = await this.jobs.get(context.authenticated, store, id);
    if (wait === 0 || job.finishedAt !== null) return job;
    const left = new AbortController();
    context.response.once('close', () => left.abort());
    await this.waiters.untilFinished(id, wait * 1_000, left.signal);
    return this.jobs.get(context.authenticated, store, id);
  }

  @Get(':id/errors')
  @Requires('read')
  @ApiOperation({
    operationId: 'listJobErrors',
    summary: 'List what is wrong with the rows that a job was given',
    description: 'The first 10,000 are kept; `errorCount` of the job counts all.',
  })
  @ApiPage(RowErrorView, 'A page of the faults, in the order of the rows.')
  @ApiErrors()
  errors(
    @Context() { authenticated }: RequestContext,
    @Store() store: StoreScope,
    @IdParam('job') id: string,
    @Query() query: RowErrorListQuery,
  ): Promise<Page<RowErrorView>> {
    return this.jobs.errors(authenticated, store, id, query);
  }

  @Post()
  @HttpCode(202)
  @Requires('write')
  @BodyLimit(LARGEST_BODY_BYTES)
  @ApiOperation({
    operationId: 'createJob',
    summary: 'Order a job',
    description:
      'Done in the background, also when the server is restarted meanwhile; jobs of a store are done one after the ' +
      'other. Look at it with `GET /jobs/{id}?wait=30`, or take the event `job.finished`. The type’s own resource is ' +
      'needed too (403). At most 50 jobs of a store are unfinished at a time (409).',
  })
  @ApiAnswer(JobView, {
    status: 202,
    description: 'The job, which is queued.',
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: JobBody,
  ): Promise<JobView> {
    const job = await this.jobs.create(context, store, body);
    setLocation(context, job.id);
    return job;
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'cancelJob',
    summary: 'Cancel a job',
    description:
      'What it has changed so far stays. Cancelling twice is 200; a job that has ended otherwise, 409.',
  })
  @ApiAnswer(JobView, { description: 'The job, which is cancelled.', idempotent: true })
  @ApiErrors('idempotent', 'conflict')
  cancel(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('job') id: string,
  ): Promise<JobView> {
    return this.jobs.cancel(context, store, id);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'retryJob',
    summary: 'Do a job again that failed or was cancelled',
    description: 'It goes on where it was.',
  })
  @ApiAnswer(JobView, { description: 'The job, which is queued again.', idempotent: true })
  @ApiErrors('idempotent', 'conflict')
  retry(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('job') id: string,
  ): Promise<JobView> {
    return this.jobs.retry(context, store, id);
  }
}
