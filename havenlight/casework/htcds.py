"""Names of the Human Trafficking Case Data Standard (IOM) that were read in its own files.

Source: github.com/UNMigration/HTCDS, current version 2.0. Names of fields and values were read in
the standard's own form, `Toolkit/Survey/htcds_xlsform.xml` (commit 2606448), which says no version.
`Field Definitions.md` (commit 26ef6a6), which speaks of 2.0, has the same three statuses and most
of these means of control under longer names. The spreadsheet `HTCDS Field Standards 2.0.ods` could
not be read, so a name that only 2.0 has is missing here, and what would need it stays unmapped.
`vic_MethodsOfControl` is spelled as JSON of version 0.2 has it; the form writes underscores in it.
"""

VALUES: dict[str, frozenset[str]] = {
    "prs_Gender": frozenset(
        {"Feminine", "Masculine", "TransgenderFeminine", "TransgenderMasculine", "NonConforming",
         "NonSpecifiedUnknown"}
    ),
    "vic_MethodOfRecruitment": frozenset(
        {"AtAPlaceOfBusiness", "AtAnEducationalInstitution", "AtWork",
         "ThroughOnlineSocialNetworks", "ThroughAnOnlineAdvertisement", "ThroughATelevisionAdvert",
         "ThroughANewspaperAdvert", "ThroughFamilyOrFamilyEvents", "ThroughFriendsOrSocialEvents",
         "Other"}
    ),
    "vic_TraffickingStatus": frozenset(
        {"PossibleVictimOfTrafficking", "ActualVictimOfTrafficking", "NotAVictimOfTrafficking"}
    ),
    "vic_TraffickingStatusDecisionMakingOrg": frozenset(
        {"Police", "NGO", "CourtOrProsecution", "NonPoliceGovernmentalOrganization", "Other"}
    ),
    "vic_MethodsOfControl": frozenset(
        {"PhysicalThreats", "ThreatsLawEnforcement", "ThreatensChildrenFamily", "DebtBondage",
         "FalsePromises", "PhysicalAbuse", "SexualAbuse", "TakesEarnings",
         "RestrictsFinancialAccess", "RestrictsMedicalCare", "WithholdsNecessities",
         "PsychologicalAbuse", "PsychoactiveSubstance", "ExcessiveWorkingHours",
         "WithholdsDocuments", "Other"}
    ),
    "vic_TypeOfExploitation": frozenset(
        {"ForcedLabour", "SexualExploitation", "ChildLabour", "ForcedMarriage", "Servitude",
         "ForcedMilitaryByNonStateActors", "OrganRemoval", "ForcedBegging", "ForcedAdoption",
         "Surrogacy", "Other"}
    ),
    "vic_TypeOfSexExploitation": frozenset(
        {"Prostitution", "Pornography", "RemoteInteractiveServices", "PrivateSexualServices"}
    ),
    "vic_ForcedLabourIndustry": frozenset(
        {"A_AgricultureForestryAndFishing", "B_MiningAndQuarrying", "C_Manufacturing",
         "F_Construction", "G_WholesaleAndRetailTradeRepairOfMotorVehicles",
         "H_TransportationAndStorage", "I_AccommodationAndFoodServiceActivities",
         "T_ActivitiesOfHouseholdsAsEmployers"}
    ),
}  # fmt: skip
"""The values that each field may have; of the industries those that could occur here."""
