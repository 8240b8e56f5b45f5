//! What may be installed, and how much of it.

use std::{collections::BTreeSet, fmt, str::FromStr, time::Duration};

use super::{failure::Failure, names::normalise};

/// How long one installation may take in all, waiting for another one of the same owner included.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(120);

/// How many bytes of packages one owner may have: enough for the largest ones that X7 names (torch with its CUDA
/// libraries is some 5 GB).
pub const DEFAULT_MAX_BYTES: u64 = 6 * 1024 * 1024 * 1024;

/// Distributions that are never installed unless a policy says otherwise, with reasons.
///
/// Names that only look like well-known ones cannot be told by a list; who fears them uses
/// [`AutoInstall::Approved`].
const DENIED: &[(&str, &str)] = &[
    ("conda", INSTALLER),
    ("pip", INSTALLER),
    ("pipenv", INSTALLER),
    ("pipx", INSTALLER),
    ("poetry", INSTALLER),
    ("sitecustomize", START_UP),
    ("taipan", OWN_NAME),
    ("taipan-runtime", OWN_NAME),
    ("usercustomize", START_UP),
    ("uv", INSTALLER),
];
const INSTALLER: &str = "it installs packages itself, while here importing a package is what installs it";
const START_UP: &str = "Python would load it by itself whenever it starts";
const OWN_NAME: &str = "the name belongs to the interpreter itself";

/// Data packages that [`AutoInstall::Approved`] allows unless a policy says otherwise.
const APPROVED: &str = "
    altair arviz astropy awkward beautifulsoup4 biopython bokeh bottleneck cartopy catboost category-encoders chardet
    cmdstanpy cvxpy dask datashader deltalake duckdb emoji faker fastavro fiona folium formulaic fpdf2 gensim geopandas
    geopy gpxpy great-tables h5py hdbscan holidays html5lib hvplot imageio imbalanced-learn jax jinja2 keras lifelines
    lightgbm markdown missingno mlxtend msgpack netcdf4 networkx nibabel nltk numba odfpy openai opencv-python-headless
    openpyxl optuna orjson patsy pdfplumber pingouin plotly plotnine polars prophet psycopg2-binary pydicom pymongo
    pymupdf pyproj pyreadstat python-slugify pyvis pywavelets pyxlsb rapidfuzz rasterio rdata reportlab requests rich
    rtree scikit-image scikit-posthocs sentence-transformers shap shapely soundfile spacy sqlalchemy squarify statsmodels
    sympy tables tabulate tensorflow textblob tifffile toml torch torchvision tqdm transformers tsfresh umap-learn
    unidecode wordcloud xarray xgboost xlrd xmltodict yfinance zarr
";

/// Whose packages are installed when code imports them (`AUTO_INSTALL`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AutoInstall {
    /// Whatever the index has.
    #[default]
    Any,
    /// Only what stands on the approved list, and what that needs.
    Approved,
    /// Nothing.
    Off,
}

impl FromStr for AutoInstall {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "any" => Ok(Self::Any),
            "approved" => Ok(Self::Approved),
            "off" => Ok(Self::Off),
            other => Err(format!("`{other}` is none of `any`, `approved` and `off`")),
        }
    }
}

impl fmt::Display for AutoInstall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Any => "any",
            Self::Approved => "approved",
            Self::Off => "off",
        })
    }
}

/// What may be installed on import, and within which limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackagePolicy {
    /// Whose packages are installed.
    pub auto_install: AutoInstall,
    /// What [`AutoInstall::Approved`] allows, as the index spells it.
    pub approved: BTreeSet<String>,
    /// What is never installed, not even because another package needs it.
    pub denied: BTreeSet<String>,
    /// How long one installation may take in all.
    pub timeout: Duration,
    /// How many bytes of packages one owner may have.
    pub max_bytes: u64,
}

impl Default for PackagePolicy {
    fn default() -> Self {
        Self {
            auto_install: AutoInstall::default(),
            approved: APPROVED.split_whitespace().map(str::to_owned).collect(),
            denied: DENIED.iter().map(|(name, _)| (*name).to_owned()).collect(),
            timeout: DEFAULT_TIMEOUT,
            max_bytes: DEFAULT_MAX_BYTES,
        }
    }
}

impl PackagePolicy {
    /// Whether code may have the distribution it asks for.
    pub(super) fn allows(&self, distribution: &str) -> Result<(), Failure> {
        self.tolerates(distribution)?;
        match self.auto_install {
            AutoInstall::Off => Err(Failure::SwitchedOff),
            AutoInstall::Approved if !holds(&self.approved, distribution) => Err(Failure::NotApproved),
            AutoInstall::Approved | AutoInstall::Any => Ok(()),
        }
    }

    /// Whether the distribution may come along because another one needs it.
    pub(super) fn tolerates(&self, distribution: &str) -> Result<(), Failure> {
        if !holds(&self.denied, distribution) {
            return Ok(());
        }
        let reason = DENIED.iter().find(|(name, _)| *name == distribution).map(|(_, reason)| *reason);
        Err(Failure::Denied(reason.unwrap_or("whoever runs this interpreter put it on the deny list")))
    }
}

/// Whether a list names the distribution, however it is spelt there.
fn holds(list: &BTreeSet<String>, distribution: &str) -> bool {
    list.contains(distribution) || list.iter().any(|name| normalise(name) == distribution)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// X6: `AUTO_INSTALL=any|approved|off`, `any` by default.
    #[test]
    fn the_setting_is_one_of_three_words() {
        for word in ["any", "approved", "off"] {
            assert_eq!(word.parse::<AutoInstall>().map(|setting| setting.to_string()), Ok(word.to_owned()));
        }
        assert_eq!("On".parse::<AutoInstall>(), Err("`On` is none of `any`, `approved` and `off`".to_owned()));
        assert_eq!(AutoInstall::default(), AutoInstall::Any);
    }

    #[test]
    fn any_allows_all_but_the_denied() {
        let policy = PackagePolicy::default();
        assert_eq!(policy.allows("cowsay"), Ok(()));
        assert_eq!(policy.allows("pip"), Err(Failure::Denied(INSTALLER)));
    }

    #[test]
    fn approved_allows_its_list_and_what_that_needs() {
        let policy = PackagePolicy { auto_install: AutoInstall::Approved, ..PackagePolicy::default() };
        assert_eq!(policy.allows("polars"), Ok(()));
        assert_eq!(policy.allows("cowsay"), Err(Failure::NotApproved));
        assert_eq!(policy.tolerates("cowsay"), Ok(()));
    }

    #[test]
    fn off_allows_nothing() {
        let policy = PackagePolicy { auto_install: AutoInstall::Off, ..PackagePolicy::default() };
        assert_eq!(policy.allows("polars"), Err(Failure::SwitchedOff));
    }

    #[test]
    fn lists_of_a_policy_may_spell_names_as_people_do() {
        let denied = BTreeSet::from(["Cow_Say".to_owned()]);
        let policy = PackagePolicy { denied, ..PackagePolicy::default() };
        assert!(matches!(policy.allows("cow-say"), Err(Failure::Denied(_))));
        assert_eq!(policy.allows("pip"), Ok(()));
    }

    #[test]
    fn the_built_in_lists_are_spelt_as_the_index_spells_them() {
        let policy = PackagePolicy::default();
        assert!(policy.approved.iter().chain(&policy.denied).all(|name| normalise(name) == *name));
        assert!(policy.approved.is_disjoint(&policy.denied));
    }
}
