import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Express, RequestHandler, Response } from 'express';
import helmet from 'helmet';

export interface SwaggerUiOptions {
  /** Where it is mounted, e.g. `/docs/api`. */
  readonly path: string;
  /** Where the document is, on the same origin. */
  readonly documentUrl: string;
  /** Served over https: browsers are told to insist on it. */
  readonly secure: boolean;
}

const ASSETS = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'index.css',
  'favicon-32x32.png',
  'favicon-16x16.png',
];

/**
 * Mounts Swagger UI on the bare Express application, for GET and HEAD: these are no API requests, pass no gate and
 * have no row in the log. Every file comes from here, and no script is inline, so that its content security
 * policy needs no exception. To be called before the edge is mounted.
 */
export function mountSwaggerUi(app: Express, { path, documentUrl, secure }: SwaggerUiOptions): void {
  const headers = securityHeaders(secure);
  const root = assetDirectory();
  app.get(path, headers, text('text/html', pageAt(path)));
  app.get(`${path}/start.js`, headers, text('text/javascript', startScript(documentUrl)));
  for (const file of ASSETS) {
    app.get(`${path}/${file}`, headers, (_request, response) => {
      response.sendFile(file, { root, cacheControl: false }, (error?: Error) => {
        if (error && !response.headersSent) response.status(500).end();
      });
    });
  }
}

function securityHeaders(secure: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        // its icons are written into its style sheet
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
    xFrameOptions: { action: 'deny' },
  });
}

/** Where the files of Swagger UI are: a dependency of the library that writes the document. */
function assetDirectory(): string {
  const library = createRequire(import.meta.url).resolve('@nestjs/swagger');
  return dirname(createRequire(library).resolve('swagger-ui-dist/package.json'));
}

function text(type: string, body: string): RequestHandler {
  return (_request, response: Response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.type(type).send(body);
  };
}

const pageAt = (path: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Gatehouse API</title>
    <link rel="stylesheet" href="${path}/swagger-ui.css" />
    <link rel="stylesheet" href="${path}/index.css" />
    <link rel="icon" type="image/png" href="${path}/favicon-32x32.png" sizes="32x32" />
    <link rel="icon" type="image/png" href="${path}/favicon-16x16.png" sizes="16x16" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${path}/swagger-ui-bundle.js"></script>
    <script src="${path}/start.js"></script>
  </body>
</html>
`;

/** No validator: the document would be sent to somebody else. */
const startScript = (documentUrl: string) => `SwaggerUIBundle({
  url: ${JSON.stringify(documentUrl)},
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;
