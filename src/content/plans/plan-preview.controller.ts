import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Requires, Resource, Store, StoreController, type StoreScope } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { ContentPlansService } from './content-plans.service.js';
import { PlanWishesBody } from './dto/plan-body.js';
import { PlanPreviewView } from './dto/plan-view.js';

/** A calendar to look at. It stands beside the list of the plans that are sold, and has nothing to do with it. */
@ApiGroup('Content plans')
@StoreController('plans')
@Resource('content.content-plans')
export class PlanPreviewController {
  constructor(private readonly plans: ContentPlansService) {}

  @Post('generate-preview')
  @HttpCode(200)
  @Requires('write')
  @ApiOperation({
    operationId: 'generatePlanPreview',
    summary: 'Propose posts for some days, goals and platforms',
    description:
      'Keeps nothing: `POST /content-plans` with the same fields keeps a plan, and accepting that makes drafts. The same ' +
      'wishes about the same products make the same calendar.',
  })
  @ApiAnswer(PlanPreviewView, { description: 'The calendar.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  preview(@Store() store: StoreScope, @Body() wishes: PlanWishesBody): Promise<PlanPreviewView> {
    return this.plans.preview(store, wishes);
  }
}
