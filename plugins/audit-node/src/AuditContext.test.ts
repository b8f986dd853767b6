import express from 'express';
import request from 'supertest';
import { anonymousAuditContext, auditContext } from './AuditContext';
import { payloadDigest } from './payloadDigest';

describe('auditContext', () => {
  const app = express();
  app.get('/who', (req, res) => {
    res.json([
      anonymousAuditContext(req),
      auditContext(req, { userRef: 'user:aurora/kim' }).actor,
      auditContext(req, { userRef: 'user:aurora/bot-ci' }).actor,
    ]);
  });

  it('tells who asks, with which request and from where', async () => {
    const { body } = await request(app)
      .get('/who')
      .set('x-request-id', 'request-1');
    expect(body).toEqual([
      {
        actor: { kind: 'anonymous' },
        requestId: 'request-1',
        sourceAddress: expect.stringMatching(/127\.0\.0\.1$/),
      },
      { kind: 'person', ref: 'user:aurora/kim' },
      { kind: 'machine', ref: 'user:aurora/bot-ci' },
    ]);
  });
});

describe('payloadDigest', () => {
  it('does not depend on the order of members', () => {
    expect(payloadDigest({ b: 1, a: [2] })).toBe(
      payloadDigest({ a: [2], b: 1 }),
    );
    // printf '%s' '{"a":[2],"b":1}' | sha256sum
    expect(payloadDigest({ a: [2], b: 1 })).toBe(
      'sha256:63c9663de90ee828bbda6cd9acf02d0c653986c1ec25aa239920641edc9a1de5',
    );
  });
});
