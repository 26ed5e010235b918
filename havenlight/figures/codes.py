"""Choices of the researcher's page."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    """The methods for three lists or more, by their name in `havenlight.mse`.

    Named here again because `havenlight.mse` brings SciPy, which a process that serves chats need
    not hold; a test compares the two.
    """

    STEPWISE = "stepwise", _("Stepwise choice")
    BIC = "bic", _("Best BIC")
    BAYES_THRESHOLD = "bayes_threshold", _("Bayesian threshold")
    DGA = "dga", _("Decomposable graphs")
    LATENT_CLASSES = "latent_classes", _("Latent classes")
    AIC = "aic", _("Best AIC")
    AICC = "aicc", _("Best AICc")
    INDEPENDENT = "independent", _("Independent lists")


USUAL = (
    Method.STEPWISE,
    Method.BIC,
    Method.BAYES_THRESHOLD,
    Method.DGA,
    Method.LATENT_CLASSES,
)
"""What is asked unless somebody chooses."""

FOR_STRATA = (Method.STEPWISE, Method.BIC, Method.AIC, Method.AICC)
"""The methods that can sum strata."""

LEVELS = ("0.80", "0.90", "0.95", "0.99")
MOST_RESAMPLES = 2_000
