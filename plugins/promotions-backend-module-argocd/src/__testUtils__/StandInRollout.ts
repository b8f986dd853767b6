const STEPS = [
  { setWeight: 20 },
  { pause: {} },
  { setWeight: 60 },
  { pause: { duration: '10m' } },
];

/** A rollout in the cluster of the stand-in: its controller does only what a test says. */
export class StandInRollout {
  readonly namespace = 'shop';
  readonly name = 'checkout';
  strategy: 'canary' | 'blueGreen' = 'canary';
  pods = 'new66d5f8';
  stable = 'old77b9c4';
  /** Steps that are done. */
  step = 0;
  phase = 'Progressing';
  message = 'more replicas need to be updated';
  /** By a step, or before the service is switched. */
  pausedAt: string | undefined;
  /** By a person. */
  paused = false;
  abort = false;
  promoteFull = false;
  /** What is declared now; the controller has seen the one of `observed`. */
  generation = 3;
  observed = 3;

  /** What Argo CD lists among the application's resources. */
  get resource() {
    const { namespace, name } = this;
    return {
      group: 'argoproj.io',
      version: 'v1alpha1',
      kind: 'Rollout',
      namespace,
      name,
      status: 'Synced',
      health: { status: this.health },
    };
  }

  get health(): string {
    return this.phase === 'Paused' ? 'Suspended' : this.phase;
  }

  /** It comes to a pause of its own. */
  pauseAt(step: number): void {
    this.step = step;
    this.pausedAt = '2026-11-21T11:55:00Z';
    this.phase = 'Paused';
    this.message = 'CanaryPauseStep';
  }

  finish(): void {
    this.step = STEPS.length;
    this.stable = this.pods;
    this.pausedAt = undefined;
    this.phase = 'Healthy';
    this.message = '';
  }

  /** Does an action of Argo CD. @returns false for one that there is not */
  run(action: string): boolean {
    switch (action) {
      case 'pause':
        this.paused = true;
        return true;
      case 'resume':
        this.paused = false;
        this.pausedAt = undefined;
        this.phase = 'Progressing';
        return true;
      case 'promote-full':
        this.promoteFull = true;
        return true;
      case 'abort':
        this.abort = true;
        this.phase = 'Degraded';
        this.message = 'RolloutAborted: Rollout aborted update to revision 2';
        return true;
      default:
        return false;
    }
  }

  get manifest(): object {
    const isCanary = this.strategy === 'canary';
    return {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: {
        name: this.name,
        namespace: this.namespace,
        generation: this.generation,
      },
      spec: {
        replicas: 5,
        ...(this.paused && { paused: true }),
        strategy: isCanary
          ? { canary: { steps: STEPS } }
          : { blueGreen: { activeService: 'checkout' } },
      },
      status: {
        phase: this.phase,
        message: this.message,
        observedGeneration: String(this.observed),
        currentPodHash: this.pods,
        stableRS: this.stable,
        ...(isCanary
          ? { currentStepIndex: this.step }
          : {
              blueGreen: {
                activeSelector: this.stable,
                previewSelector: this.pods,
              },
            }),
        ...(this.pausedAt && {
          pauseConditions: [
            { reason: 'CanaryPauseStep', startTime: this.pausedAt },
          ],
        }),
        ...(this.abort && { abort: true }),
        ...(this.promoteFull && { promoteFull: true }),
      },
    };
  }
}
