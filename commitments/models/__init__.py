from .commitment import Commitment, Effort, Evidence
from .ledger import LedgerRow, LedgerTotal

__all__ = ["Commitment", "Effort", "Evidence", "LedgerRow", "LedgerTotal"]
