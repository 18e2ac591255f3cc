import type { Request, Response } from 'express';
import type { AppError } from '../errors/index.js';
import { errorBody, problemBody } from './error-body.js';

/**
 * Answers an error in the one shape, with its status and headers: as a problem document to those who prefer one.
 * @param requestId public id, as the answer's body tells it
 */
export function answerError(request: Request, response: Response, error: AppError, requestId: string): void {
  response.status(error.status);
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  if (request.accepts(['application/json', 'application/problem+json']) === 'application/problem+json') {
    response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    response.send(JSON.stringify(problemBody(error, requestId)));
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.send(JSON.stringify(errorBody(error, requestId)));
}
