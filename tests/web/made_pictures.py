"""What schemathesis must be told: how a picture is made. Loaded by its command, see test_openapi_holds."""

import cv2
import numpy as np
import schemathesis
from hypothesis import strategies

from edgeholo.perceive.models.fetch import fetch
from edgeholo.perceive.models.manifest import DEMO_CLIP
from edgeholo.web.upload import TAKEN
from tests import uploads

_MAN = np.asarray(cv2.VideoCapture(str(fetch(DEMO_CLIP))).read()[1], np.uint8)
for _name in TAKEN:
    schemathesis.openapi.media_type(
        _name, strategies.sampled_from([uploads.encoded(".jpg", _MAN), uploads.encoded(".png", _MAN)])
    )
