/** The server as it is, with one route more that answers as a stream: for the kill run. */
import { Module, StreamableFile, Controller, Get } from '@nestjs/common';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { AppModule } from '../../src/app.module.js';
import { start } from '../../src/boot/start.js';
import { Requires, Resource } from '../../src/platform/http/index.js';

/** The live tail is one more stream; this one says little and ends soon, so that many are under way at each kill. */
@Controller('stream-of-numbers')
@Resource('content.stream-of-numbers', { label: 'Stream of numbers' })
class StreamController {
  @Get()
  @Requires('read')
  numbers(): StreamableFile {
    return new StreamableFile(Readable.from(count()), { type: 'text/plain' });
  }
}

async function* count(): AsyncGenerator<string> {
  for (let number = 1; number <= 5; number++) {
    yield `${number}\n`;
    await pause(2);
  }
}

@Module({ controllers: [StreamController] })
class StreamModule {}

const on = AppModule.on.bind(AppModule);
AppModule.on = (foundations, modules = []) => on(foundations, [...modules, StreamModule]);

await start();
