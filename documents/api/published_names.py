"""Names of schemas that openapi.yaml has published, by what the place of their module gives."""

PUBLISHED = {
    "CommerceOrderValuesStatus": "CommerceOrderWordsStatus",
    "CommercePromotionRequestsLimitsForm": "CommercePromotionFormsLimitsForm",
    "CommercePromotionResponsesRecorded": "CommercePromotionViewsRecorded",
    "CommerceSupplierHandlersRequestDocumentUploadRequested": (
        "CommerceCommandsRequestDocumentUploadRequested"
    ),
    "CommerceSupplierResponsesMetrics": "CommerceSupplierViewsMetrics",
    "CommunityCommunitiesMembershipEventsStatus": "CommunityMembershipEventsStatus",
    "CommunityCommunitiesRequestsLimitsForm": "CommunityFormsLimitsForm",
    "CommunityCommunitiesSettingsLimits": "CommunityCommunitySettingsLimits",
    "CommunityCommunitiesSettingsVisibility": "CommunityCommunitySettingsVisibility",
    "CommunityPostContentRulesKind": "CommunityPostContentKind",
    "CommunityPostHandlersRequestMediaUploadRequested": "CommunityCommandsRequestMediaUploadRequested",
    "CommunityReportDeciderReason": "CommunityReportReason",
    "IdentityFeatureFlagDeciderReason": "IdentityFeatureFlagReason",
    "IdentityUsageHandlersRecordUsageRecorded": "IdentityCommandsRecordUsageRecorded",
    "RecoveryCaseResponsesSequenceView": "RecoveryCaseViewsSequenceView",
    "RecoveryCaseResponsesStepView": "RecoveryCaseViewsStepView",
    "RecoveryMetricRulesMetrics": "RecoveryMetricsMetrics",
    "RecoveryRiskDeciderReason": "RecoverySubscriptionAtRiskReason",
    "RecoverySetupResponsesSequenceView": "RecoverySetupViewsSequenceView",
    "RecoverySetupResponsesStepView": "RecoverySetupViewsStepView",
}
