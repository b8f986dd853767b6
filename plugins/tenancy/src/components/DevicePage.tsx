import { type FormEvent, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Card,
  CardBody,
  Container,
  Flex,
  Text,
  TextField,
} from '@backstage/ui';
import { approveDeviceSchema } from '@portico/plugin-tenancy-common';
import useAsync from 'react-use/esm/useAsync';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { toError } from './toError';
import styles from './DevicePage.module.css';
import { formatMoment } from './formatMoment';
import { Loading } from './Loading';
import { ProblemAlert } from './ProblemAlert';

/** Approves the sign-in of a device that shows a code, such as the CLI. */
export function DevicePage() {
  const [userCode, setUserCode] = useState(readUserCode);
  return (
    <Container>
      <Flex direction="column" gap="4" py="5" style={{ maxWidth: '36rem' }}>
        {userCode === undefined ? (
          <CodeForm onCode={setUserCode} />
        ) : (
          <ApproveRequest
            key={userCode}
            userCode={userCode}
            onAnother={() => setUserCode(undefined)}
          />
        )}
      </Flex>
    </Container>
  );
}

function CodeForm(props: { onCode(userCode: string): void }) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const [text, setText] = useState('');
  const [checked, setChecked] = useState(false);
  const userCode = parseUserCode(text);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (userCode) {
      props.onCode(userCode);
    }
  };

  return (
    <form onSubmit={submit} noValidate>
      <Flex direction="column" gap="4" align="start">
        <Text as="p">{t('device.enterCode')}</Text>
        <TextField
          label={t('device.code')}
          description={
            checked && !userCode
              ? t('device.invalidCode')
              : t('device.codeHelp')
          }
          isInvalid={checked && !userCode}
          isRequired
          autoComplete="off"
          value={text}
          onChange={setText}
        />
        <Button variant="primary" type="submit">
          {t('device.continue')}
        </Button>
      </Flex>
    </form>
  );
}

function ApproveRequest(props: { userCode: string; onAnother(): void }) {
  const { userCode } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [decision, setDecision] = useState<'approved' | 'denied'>();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Error>();

  const { loading, error, value } = useAsync(async () => {
    const [request, me] = await Promise.all([
      tenancy.deviceRequest(userCode),
      tenancy.me(),
    ]);
    return { request, me };
  }, [tenancy, userCode]);

  const approve = async () => {
    if (pending) {
      return;
    }
    setPending(true);
    setProblem(undefined);
    try {
      await tenancy.approveDevice(userCode);
      setDecision('approved');
    } catch (caught) {
      setProblem(toError(caught));
    }
    setPending(false);
  };

  if (loading) {
    return <Loading />;
  }
  if (error || !value) {
    return (
      <>
        <div role="alert">
          <Alert
            status="warning"
            icon
            title={t('device.unknownTitle')}
            description={t('device.unknownText')}
          />
        </div>
        <Button variant="secondary" onPress={props.onAnother}>
          {t('device.another')}
        </Button>
      </>
    );
  }
  const { request, me } = value;

  if (decision === 'approved' || request.status === 'approved') {
    return (
      <div role="status">
        <Alert
          status="success"
          icon
          title={t('device.approvedTitle')}
          description={t('device.approvedText')}
        />
      </div>
    );
  }
  if (decision === 'denied') {
    return (
      <div role="status">
        <Alert
          status="info"
          icon
          title={t('device.deniedTitle')}
          description={t('device.deniedText')}
        />
      </div>
    );
  }

  return (
    <Card>
      <CardBody>
        <Flex direction="column" gap="4">
          <Text as="h2" variant="title-x-small">
            {t('device.question', {
              name: me.displayName,
              tenant: me.tenant.title,
            })}
          </Text>
          <p className={styles.code} aria-label={t('device.code')}>
            {request.userCode}
          </p>
          <dl className={styles.facts}>
            <dt>{t('device.asks')}</dt>
            <dd>{request.client}</dd>
            <dt>{t('device.requestedAt')}</dt>
            <dd>{formatMoment(request.requestedAt)}</dd>
            <dt>{t('device.expiresAt')}</dt>
            <dd>{formatMoment(request.expiresAt)}</dd>
          </dl>
          <Text as="p" color="secondary">
            {t('device.compare')}
          </Text>
          {problem && <ProblemAlert error={problem} />}
          <Flex gap="2">
            <Button variant="primary" aria-disabled={pending} onPress={approve}>
              {t('device.approve')}
            </Button>
            <Button variant="secondary" onPress={() => setDecision('denied')}>
              {t('device.deny')}
            </Button>
          </Flex>
        </Flex>
      </CardBody>
    </Card>
  );
}

function readUserCode(): string | undefined {
  const text = new URLSearchParams(window.location.search).get('code');
  return text === null ? undefined : parseUserCode(text);
}

/** Upper case with its hyphen, as the device shows it; undefined when it is no code. */
export function parseUserCode(text: string): string | undefined {
  const result = approveDeviceSchema.shape.userCode.safeParse(text.trim());
  if (!result.success) {
    return undefined;
  }
  const letters = result.data.toUpperCase().replace('-', '');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
