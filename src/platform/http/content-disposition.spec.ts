import { describe, expect, it } from '@jest/globals';
import { contentDisposition } from './content-disposition.js';

describe('contentDisposition', () => {
  it('tells a plain name twice', () => {
    expect(contentDisposition('inline', 'a b.png')).toBe(
      `inline; filename="a b.png"; filename*=UTF-8''a%20b.png`,
    );
  });

  it('lets no name out of its quotation or its line', () => {
    expect(contentDisposition('attachment', 'a"; x=\r\nSet-Cookie: y\\.pdf')).toBe(
      `attachment; filename="a_; x=__Set-Cookie: y_.pdf"; filename*=UTF-8''a%22%3B%20x%3D%0D%0ASet-Cookie%3A%20y%5C.pdf`,
    );
  });

  it('writes names of any language whole', () => {
    expect(contentDisposition('inline', "été (1)'s.gif")).toBe(
      `inline; filename="_t_ (1)'s.gif"; filename*=UTF-8''%C3%A9t%C3%A9%20%281%29%27s.gif`,
    );
  });
});
