import { Controller, Get } from '@nestjs/common';
import { Requires, Resource } from '../../src/platform/http/index.js';

/** A handler that touches no database: what is left is the gate. */
@Controller('ping')
@Resource('content.ping', { label: 'Ping' })
export class PingController {
  @Get()
  @Requires('read')
  ping(): { pong: boolean; items: number[] } {
    return { pong: true, items: [1, 2, 3] };
  }
}
