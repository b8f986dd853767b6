import { alex } from '../__testUtils__/createTenancyApiMock';
import { TenancyClient } from './TenancyClient';

function createClient(answer: (url: string, init?: RequestInit) => Response): {
  client: TenancyClient;
  requests: { url: string; init?: RequestInit }[];
} {
  const requests: { url: string; init?: RequestInit }[] = [];
  const client = new TenancyClient({
    fetchApi: {
      async fetch(url, init) {
        requests.push({ url: String(url), init });
        return answer(String(url), init);
      },
    },
  });
  return { client, requests };
}

const json = (body: object, status = 200) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });

describe('TenancyClient', () => {
  it('asks once who the caller is, however many ask at the same time', async () => {
    const { client, requests } = createClient(() => json(alex));
    const [one, other] = await Promise.all([client.me(), client.me()]);
    expect(one).toEqual(alex);
    expect(other).toEqual(alex);
    expect(requests).toHaveLength(1);
  });

  it('asks again after a failure', async () => {
    const answers = [
      json({ error: { name: 'Error', message: 'not now' } }, 503),
      json(alex),
    ];
    const { client } = createClient(() => answers.shift() ?? json({}, 500));
    await expect(client.me()).rejects.toMatchObject({ statusCode: 503 });
    await expect(client.me()).resolves.toEqual(alex);
  });

  it('keeps names inside of their part of the path', async () => {
    const { client, requests } = createClient(
      () => new Response(null, { status: 204 }),
    );
    await client.revokeToken('aurora', '../../borealis/tokens/1');
    expect(requests[0]).toMatchObject({
      url: 'plugin://tenancy/tenants/aurora/tokens/..%2F..%2Fborealis%2Ftokens%2F1',
      init: { method: 'DELETE' },
    });
  });

  it('sends what is written as JSON and gives up after a time', async () => {
    const { client, requests } = createClient(
      () => new Response(null, { status: 204 }),
    );
    await client.putGroup('aurora', 'checkout', { displayName: 'Checkout' });
    expect(requests[0].init?.body).toBe('{"displayName":"Checkout"}');
    expect(requests[0].init?.signal).toBeInstanceOf(AbortSignal);
  });

  it('refuses an answer of another shape', async () => {
    const { client } = createClient(() => json({ items: [{ name: 'cart' }] }));
    await expect(client.sources('aurora')).rejects.toThrow(/tenant/);
  });
});
