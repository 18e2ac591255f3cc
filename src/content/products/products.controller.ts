import { Body, Delete, Get, HttpCode, Patch, Post, Put, Query } from '@nestjs/common';
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
  setLocation,
} from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiGroup,
  ApiIfMatch,
  ApiNoContent,
  ApiPage,
} from '../../platform/http/openapi/index.js';
import { ProductBody, ProductPatch } from './dto/product-body.js';
import { ProductListQuery } from './dto/product-list-query.js';
import { ProductView } from './dto/product-view.js';
import { ProductsService } from './products.service.js';

@ApiGroup('Products', 'Content: what a store sells.')
@StoreController('products')
@Resource('content.products', { label: 'Products', highest: 'write' })
export class ProductsController {
  constructor(private readonly products: ProductsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listProducts', summary: 'List products' })
  @ApiPage(ProductView, 'A page of the products that fit the filters.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: ProductListQuery): Promise<Page<ProductView>> {
    return this.products.list(store, query);
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getProduct', summary: 'Get a product' })
  @ApiAnswer(ProductView, { description: 'The product.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('product') id: string,
  ): Promise<ProductView> {
    return withEtag(context, await this.products.get(store, id));
  }

  @Post()
  @Requires('write')
  @ApiOperation({ operationId: 'createProduct', summary: 'Create a product' })
  @ApiAnswer(ProductView, {
    status: 201,
    description: 'The new product.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  async create(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @Body() body: ProductBody,
  ): Promise<ProductView> {
    const product = await this.products.create(context, store, body);
    setLocation(context, product.id);
    return withEtag(context, product);
  }

  @Put(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'replaceProduct', summary: 'Replace a product' })
  @ApiIfMatch()
  @ApiAnswer(ProductView, { description: 'The product as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async replace(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('product') id: string,
    @Body() body: ProductBody,
  ): Promise<ProductView> {
    return withEtag(context, await this.products.replace(context, store, id, body));
  }

  @Patch(':id')
  @Requires('write')
  @ApiOperation({ operationId: 'updateProduct', summary: 'Change some fields of a product' })
  @ApiIfMatch()
  @ApiAnswer(ProductView, { description: 'The product as it is now.', etag: true })
  @ApiErrors('body', 'conditional', 'conflict')
  async update(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('product') id: string,
    @Body() patch: ProductPatch,
  ): Promise<ProductView> {
    return withEtag(context, await this.products.update(context, store, id, patch));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('write')
  @ApiOperation({ operationId: 'deleteProduct', summary: 'Delete a product' })
  @ApiIfMatch()
  @ApiNoContent('The product is gone.')
  @ApiErrors('conditional')
  async delete(
    @Context() context: RequestContext,
    @Store() store: StoreScope,
    @IdParam('product') id: string,
  ): Promise<void> {
    await this.products.delete(context, store, id);
  }
}
