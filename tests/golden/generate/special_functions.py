"""Reference values for the tests of the special functions.

Prints rows for the Rust test tables, computed with mpmath to 50 digits.
Arguments are the f64 nearest to the decimals shown.
Usage: python3 goldens.py
"""

from mpmath import betainc, digamma, erfc, exp, hyp1f1, log, loggamma, mp, mpf, nstr, sqrt

# 50 digits after the cancellation in 1 - P, where the tail may be 1e-1800.
mp.dps = 2000


def lower(a, x):
    a, x = mpf(a), mpf(x)
    series = hyp1f1(1, a + 1, x, maxterms=10**7)
    return exp(a * log(x) - x - loggamma(a + 1)) * series


def upper(a, x):
    return 1 - lower(a, x)


def ln_upper(a, x):
    return log(upper(a, x))


def deviance(a, x):
    a, x = mpf(a), mpf(x)
    return x - a - a * log(x / a)


def f_sf(f, d1, d2):
    f, d1, d2 = mpf(f), mpf(d1), mpf(d2)
    with mp.workdps(80):
        return betainc(d2 / 2, d1 / 2, 0, d2 / (d2 + d1 * f), regularized=True)


def t_two_sided(t, df):
    return f_sf(mpf(t) ** 2, 1.0, df)


def normal_sf(z):
    return erfc(mpf(z) / sqrt(2)) / 2


def normal_ln_sf(z):
    return log(normal_sf(z))


def two_sided(z):
    return erfc(abs(mpf(z)) / sqrt(2))


def two_sided_ln(z):
    return log(two_sided(z))


def newton(value, slope, target, start):
    """Root of value(t) = target by Newton's method at full precision."""
    t = mpf(start)
    for _ in range(200):
        step = (value(t) - target) / slope(t)
        t -= step
        if abs(step) < mpf(10) ** -50:
            break
    return t


def normal_quantile(p):
    tail = mpf(p) if p <= 0.5 else 1 - mpf(p)
    slope = lambda z: -exp(-z * z / 2) / sqrt(2 * mp.pi) / normal_sf(z)
    start = sqrt(-2 * log(tail)) - 1 if tail < 0.1 else mpf(0)
    z = newton(normal_ln_sf, slope, log(tail), start)
    return -z if p <= 0.5 else z


def chi_square_sf(x, df):
    return upper(mpf(df) / 2, mpf(x) / 2)


def chi_square_ln_sf(x, df):
    return log(chi_square_sf(x, df))


def chi_square_quantile_upper(p, df):
    """Newton's method in t = ln(x/2) on the log of the smaller tail."""
    a = mpf(df) / 2
    tail, sign, target = (upper, -1, mpf(p)) if p < 0.5 else (lower, 1, 1 - mpf(p))
    slope = lambda t: sign * exp(a * t - exp(t) - loggamma(a)) / tail(a, exp(t))
    spread = mpf(2) / (9 * df)
    cube_root = 1 - spread - normal_quantile(p) * sqrt(spread)
    bound = exp((log(1 - mpf(p)) + loggamma(a + 1)) / a)
    start = log(max(a * cube_root**3, bound))
    return 2 * exp(newton(lambda t: log(tail(a, exp(t))), slope, log(target), start))


NORMAL = {
    normal_sf: [-8.0, -1.5, 0.0, 1e-3, 0.5, 1.96, 3.0, 4.999, 5.0, 8.0, 12.3, 20.0, 30.1, 37.4],
    normal_ln_sf: [-30.0, -8.0, -1.5, 0.0, 1.0, 4.99, 5.0, 10.0, 38.0, 100.0, 1234.5, 1e5],
    two_sided: [-1.96, 0.0, 0.3, 6.5, -25.0, 37.0],
    two_sided_ln: [1e-9, 0.1, -0.999, 1.0, 6.5, -60.0, 1e5],
    normal_quantile: [5e-324, 1e-300, 1e-100, 1e-20, 1e-5, 0.025, 0.2, 0.21, 0.4,
                      0.4999999, 0.6, 0.79, 0.81, 0.975, 0.999999, 0.9999999999999999],
}
DIGAMMA = [1e-8, 1e-3, 0.1, 0.5, 1.0, 2.0, 3.7, 9.99, 10.0, 100.5, 1e8]
GAMMA = [
    (1e-9, 0.3), (0.01, 1e-8), (0.05, 1.4), (0.3, 2.0), (0.5, 0.5), (0.9, 1.49), (1.0, 1.0),
    (1.2, 1.4), (2.5, 0.01), (3.0, 30.0), (9.99, 12.0), (10.0, 8.0), (20.5, 60.0),
    (100.0, 100.0), (100.0, 35.0), (500.0, 640.0), (5000.0, 5000.0), (5000.0, 5400.0),
    (5000.0, 4500.0), (200000.0, 200300.0), (200000.0, 197000.0), (200000.0, 212000.0),
    (100500.0, 110400.0),
]
DEVIANCE = [
    (1e-9, 3.0), (0.5, 100.0), (3.0, 1e-200), (10.0, 10.000001), (63.9, 64.1),
    (5000.0, 7900.0), (5000.0, 3000.0), (65535.0, 65537.0), (1e12, 1.00002e12),
]
CHI = [
    (1e-6, 1.0), (3.84, 1.0), (26.0, 1.0), (600.0, 1.0), (1370.0, 1.0), (0.1, 2.0),
    (700.0, 2.0), (0.5, 3.0), (7.81, 3.0), (1000.0, 3.0), (18.3, 10.0), (1.0, 10.0),
    (1400.0, 10.0), (2.2, 0.7), (124.3, 100.0), (1700.0, 100.0), (10000.0, 10000.0),
    (10400.0, 10000.0), (15800.0, 10000.0), (9000.0, 10000.0),
]
F = [
    (1e-6, 1.0, 1.0), (1.0, 1.0, 1.0), (161.4, 1.0, 1.0), (4e10, 1.0, 1.0), (0.3, 2.0, 3.5),
    (3.1, 3.0, 322.0), (2.63, 3.0, 322.0), (0.9, 3.0, 322.0), (60.0, 3.0, 322.0), (900.0, 3.0, 322.0),
    (1.2, 50.0, 40.0), (5.0, 50.0, 400.0), (1.05, 1000.0, 2000.0), (1.5, 1000.0, 2000.0),
    (0.5, 7.0, 1e6), (20.0, 7.0, 1e6), (3.84, 1.0, 1e9),
]
T = [
    (1e-3, 1.0), (12.7, 1.0), (1e8, 1.0), (2.1, 17.3), (0.2, 158.0), (1.97, 324.0), (8.5, 324.0),
    (40.0, 324.0), (3.0, 2.5), (2.0, 1e6), (15.0, 1e5),
]
LN_CHI = CHI + [(4000.0, 1.0), (3000.0, 3.0), (20000.0, 10000.0)]
QUANTILE = [
    (p, df)
    for df in (0.5, 1.0, 2.0, 3.0, 10.0, 100.0, 10000.0)
    for p in (1e-300, 1e-20, 0.05, 0.5, 0.999)
]


def show(name, function, arguments):
    print(f"// {name}")
    for args in arguments:
        args = args if isinstance(args, tuple) else (args,)
        row = [repr(v) for v in args] + [nstr(function(*args), 20)]
        print("(" + ", ".join(row) + "),")


if __name__ == "__main__":
    show("digamma", digamma, DIGAMMA)
    for function, arguments in NORMAL.items():
        show(function.__name__, function, arguments)
    show("deviance", deviance, DEVIANCE)
    show("gamma_p", lower, [(a, x) for a, x in GAMMA if lower(a, x) < 0.9])
    show("gamma_q", upper, [(a, x) for a, x in GAMMA if upper(a, x) < 0.9])
    show("ln_gamma_q", ln_upper, GAMMA)
    show("chi_square_sf", chi_square_sf, CHI)
    show("chi_square_ln_sf", chi_square_ln_sf, LN_CHI)
    show("chi_square_quantile_upper", chi_square_quantile_upper, QUANTILE)
    show("f_sf", f_sf, F)
    show("t_two_sided", t_two_sided, T)
