from rulecheck.api import Batch as Batch
from rulecheck.api import Comparison as Comparison
from rulecheck.api import Fault as Fault
from rulecheck.api import Refused as Refused
from rulecheck.api import Report as Report
from rulecheck.api import Rows as Rows
from rulecheck.api import RulecheckError as RulecheckError
from rulecheck.api import RuleCounts as RuleCounts
from rulecheck.api import Rules as Rules
from rulecheck.api import batch as batch
from rulecheck.api import check as check
from rulecheck.api import compare as compare
from rulecheck.api import load as load

__version__: str
