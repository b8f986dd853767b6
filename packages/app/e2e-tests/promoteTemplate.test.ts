import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { enterAs } from './support/enterAs';
import { personas } from './support/personas';
import { PortalApi } from './support/PortalApi';

/** No other journey delivers this one. */
const NAME = 'product-ratings';
/** A build on a busy machine, and a deployment by itself. */
const DELIVERY_MILLISECONDS = 300_000;

test('the run of a template follows its promotion until somebody else rejects it', async ({
  page,
  request,
}, testInfo) => {
  test.setTimeout(DELIVERY_MILLISECONDS + 120_000);
  const kim = await PortalApi.create(request, personas.auroraDeveloper);
  const component = `component:aurora/${NAME}`;
  await expect
    .poll(
      async () => {
        const response = await kim.get(
          `/api/promotions/delivery?component=${component}`,
        );
        const {
          lanes,
        }: { lanes: { environment: string; release?: object }[] } =
          await response.json();
        return lanes.find(lane => lane.environment === 'staging')?.release;
      },
      { timeout: DELIVERY_MILLISECONDS },
    )
    .toBeDefined();

  const created = await kim.post('/api/scaffolder/v2/tasks', {
    templateRef: 'template:default/promote',
    values: {
      component,
      from: 'environment:default/staging',
      environment: 'environment:default/prod',
      comment: 'For the journey',
    },
  });
  expect(created.ok(), await created.text()).toBe(true);
  const task: { id: string } = await created.json();

  await enterAs(page, personas.auroraDeveloper, `/create/tasks/${task.id}`);
  const progress = page.getByRole('region', {
    name: new RegExp(`^Promote ${NAME} .* to prod$`),
  });
  await expect(progress).toContainText('Can still approve', {
    timeout: 60_000,
  });
  await expectAccessible(page);
  await page.screenshot({
    path: testInfo.outputPath('run.png'),
    fullPage: true,
  });

  const address = await progress
    .getByRole('link', { name: 'Open the promotion' })
    .getAttribute('href');
  const promotion = address?.split('/').at(-1) ?? '';
  const robin = await PortalApi.create(request, personas.auroraApprover);
  const shown = await robin.get(`/api/promotions/promotions/${promotion}`);
  const detail: { promotion: { subject?: string } } = await shown.json();
  const vote = await robin.post(
    `/api/promotions/promotions/${promotion}/votes`,
    {
      decision: 'reject',
      subject: detail.promotion.subject,
      comment: 'Not today',
    },
  );
  expect(vote.ok(), await vote.text()).toBe(true);

  // Nobody touches the page.
  await expect(progress).toContainText('Rejected', { timeout: 60_000 });
  await expect(progress).not.toContainText('Can still approve');
});
