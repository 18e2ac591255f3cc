import { AppError, InvalidInput } from '../../platform/errors/index.js';

/** 400: a search that reads too much of the log to be answered in its time. */
export class SearchTooWide extends AppError {
  constructor(seconds: number) {
    super(
      'SEARCH_TOO_WIDE',
      `The search did not end within ${seconds} seconds: narrow it by from and to, or by a filter such as keyId.`,
      { details: { seconds } },
    );
  }
}

export const invalid = (field: string, reason: string): InvalidInput => new InvalidInput([{ field, reason }]);
