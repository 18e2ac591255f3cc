import { Global, Module } from '@nestjs/common';
import { BusinessTransactions } from './business-transactions.js';

@Global()
@Module({ providers: [BusinessTransactions], exports: [BusinessTransactions] })
export class WritesModule {}
