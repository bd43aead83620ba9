// The types of the requirement document on payment recovery, as they stand there.

export type DeclineType = "soft" | "hard";
export type RecoveryStatus = "pending" | "recovered" | "failed" | "abandoned";
export type DunningStepStatus = "scheduled" | "sent" | "opened" | "clicked" | "converted";

export interface Workspace {
  id: string;
  name: string;
  ownerUserId: string;
  timezone: string; // IANA timezone, default UTC
  billingPlan: "starter" | "pro" | "growth";
  isActive: boolean;
  createdAt: string;
  updatedAt: string;
}

export interface ConnectedStripeAccount {
  id: string;
  workspaceId: string;
  stripeAccountId: string;
  livemode: boolean;
  scopes: string[];
  connectedAt: string;
  disconnectedAt?: string;
}

export interface SubscriptionAtRisk {
  id: string;
  workspaceId: string;
  stripeCustomerId: string;
  stripeSubscriptionId: string;
  reason: "card_expiring" | "payment_failed";
  riskDetectedAt: string;
  expirationDate?: string;
  activeRecoveryAttemptId?: string;
}

export interface DunningSequence {
  id: string;
  workspaceId: string;
  name: string;
  isEnabled: boolean;
  steps: DunningSequenceStep[];
  createdAt: string;
  updatedAt: string;
}

export interface DunningSequenceStep {
  id: string;
  delayHours: number;
  subjectTemplate: string;
  bodyTemplate: string;
  status: DunningStepStatus;
}

export interface RecoveryAttempt {
  id: string;
  workspaceId: string;
  stripeInvoiceId: string;
  stripeCustomerId: string;
  declineType: DeclineType;
  status: RecoveryStatus;
  amountDueCents: number;
  recoveredAmountCents?: number;
  startedAt: string;
  endedAt?: string;
}

export interface RecoveryOutcome {
  id: string;
  workspaceId: string;
  recoveryAttemptId: string;
  outcome: "recovered" | "failed" | "abandoned";
  reasonCode?: string;
  occurredAt: string;
}

export interface MetricSnapshot {
  id: string;
  workspaceId: string;
  periodStart: string;
  periodEnd: string;
  failedRevenueCents: number;
  recoveredRevenueCents: number;
  recoveryRate: number;
  atRiskCount: number;
  generatedAt: string;
}
