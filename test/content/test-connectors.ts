import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import {
  type Connector,
  Connectors,
  ContentModule,
  type PublishOrder,
  PublishRefused,
} from '../../src/content/index.js';

/** What a test decides about a network of its own. */
export class TestNetwork {
  /** What it does with a post, by the post's caption; default: takes it. */
  readonly faults = new Map<string, 'refuse' | 'break' | 'break-once'>();
  /** What it was asked to publish, in order. */
  readonly orders: PublishOrder[] = [];
}

/** A network that takes what comes, refuses, or breaks. */
@Injectable()
class TestConnector implements Connector, OnModuleInit {
  readonly platforms = ['twitter', 'linkedin'] as const;

  constructor(
    private readonly connectors: Connectors,
    private readonly network: TestNetwork,
  ) {}

  onModuleInit(): void {
    this.connectors.register(this);
  }

  publish(order: PublishOrder): Promise<{ url: string }> {
    this.network.orders.push(order);
    const fault = this.network.faults.get(order.caption);
    if (fault === 'refuse') return Promise.reject(new PublishRefused('It does not like the words.'));
    if (fault === 'break') return Promise.reject(new Error('a fault with a secret in it'));
    if (fault === 'break-once') {
      this.network.faults.delete(order.caption);
      return Promise.reject(new Error('once'));
    }
    return Promise.resolve({ url: `https://network.example.com/${order.postId}` });
  }
}

@Module({ imports: [ContentModule], providers: [TestConnector, TestNetwork] })
export class TestConnectorsModule {}
