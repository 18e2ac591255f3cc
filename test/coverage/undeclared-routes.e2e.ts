import { Controller, Get, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApplication } from '../../src/boot/application.js';
import { UndeclaredRoutes } from '../../src/gate/index.js';
import { MasterSecrets } from '../../src/platform/crypto/index.js';
import { Database } from '../../src/platform/database/index.js';
import { Public, Requires, Resource, StoreController } from '../../src/platform/http/index.js';
import { LOGGER } from '../../src/platform/logging/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

@Controller('forgetful')
class ForgetfulController {
  @Get()
  @Public()
  declared(): void {}

  @Get(':id')
  forgotten(): void {}

  @Post()
  @Requires('write')
  withoutResource(): void {}
}

@StoreController('notes')
@Resource('content.notes')
class NotesController {
  @Get()
  list(): void {}
}

@Module({ controllers: [ForgetfulController, NotesController] })
class ForgetfulModule {}

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

describe('a module with routes that declare no scope', () => {
  it('stops the boot, which names all of them and no other', async () => {
    const boot = createApplication(
      {
        config: app.config,
        database: app.get(Database),
        connection: app.database,
        secrets: app.get(MasterSecrets),
        logger: app.get(LOGGER),
        runsJobs: false,
      },
      [ForgetfulModule],
    );
    const error = await boot.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UndeclaredRoutes);
    expect((error as UndeclaredRoutes).routes).toEqual([
      'GET /api/v1/forgetful/:id (ForgetfulController.forgotten)',
      'POST /api/v1/forgetful (ForgetfulController.withoutResource)',
      'GET /api/v1/stores/:storeId/notes (NotesController.list)',
      'GET /api/v1/notes (NotesController.list)',
    ]);
    expect((error as UndeclaredRoutes).message).toContain('@Requires or @Public');
  });
});
