"""The policy pack: a folder of TOML files becomes a Policy, or every mistake in it with file and line.

**File by file.** A file in a company's folder stands for the whole standard file of that name; a file that is not
there is the standard pack's. Inside a file, a key that may be left out (docs/policy.md) has the default of `Policy`.
Nothing is merged, so what a person reads in a file is what holds. Without a `pack.toml` of its own a folder is called
by the standard edition and "+own". Other TOML names in the folder are mistakes (a misspelt name would silently change
nothing); files that are not TOML are left alone.
"""

from adapters.pack.limits import is_domain
from adapters.pack.loading import check, load

__all__ = ["check", "is_domain", "load"]
