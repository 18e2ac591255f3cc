import { Body, Get, Put } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { withEtag } from '../../platform/http/etag.js';
import {
  Context,
  type RequestContext,
  Requires,
  Resource,
  Store,
  StoreController,
  type StoreScope,
} from '../../platform/http/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiGroup,
  ApiIfMatch,
} from '../../platform/http/openapi/index.js';
import { Brands } from './brands.js';
import { BrandBody } from './dto/brand-body.js';
import { BrandView } from './dto/brand-view.js';

@ApiGroup('Brand', 'Content: how a store wants to be heard.')
@StoreController('brand')
@Resource('content.brand', { label: 'Brand', highest: 'write' })
export class BrandController {
  constructor(private readonly brands: Brands) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'getBrand', summary: 'Get how the store wants to be heard' })
  @ApiAnswer(BrandView, { description: 'What generated texts and images go by.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(@Context() context: RequestContext, @Store() store: StoreScope): Promise<BrandView> {
    return withEtag(context, await this.brands.get(store));
  }

  @Put()
  @Requires('write')
  @ApiOperation({ operationId: 'replaceBrand', summary: 'Say how the store wants to be heard' })
  @ApiIfMatch()
  @ApiAnswer(BrandView, { description: 'How it is heard from now on.', etag: true })
  @ApiErrors('body', 'conditional')
  async replace(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: BrandBody,
  ): Promise<BrandView> {
    return withEtag(context, await this.brands.replace(context, store, body));
  }
}
