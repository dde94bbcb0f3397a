"""The constants of coptpy 8.0: statuses, types, senses, and the names of parameters, attributes and information."""

from __future__ import annotations

from typing import ClassVar

_PARAMETERS = """
    TimeLimit SolTimeLimit MemLimit MatrixTol QMatrixTol FeasTol DualTol IntTol PDLPTol NLPTol RelGap AbsGap
    TuneTimeLimit TuneTargetTime TuneTargetRelGap MultiObjTimeLimit MultiObjPriority MultiObjWeight
    MultiObjAbsTol MultiObjRelTol Logging LogLevel LogToConsole Presolve Scaling Dualize LpMethod
    ConcurrentLpMode GPUMode GPUDevice ReqFarkasRay ReqSensitivity DualPrice DualPerturb CutLevel RootCutLevel
    TreeCutLevel RootCutRounds NodeCutRounds HeurLevel PreRootHeurLevel RoundingHeurLevel DivingHeurLevel
    FAPHeurLevel SubMipHeurLevel StrongBranching ConflictAnalysis NodeLimit MipTasks BarHomogeneous BarOrder
    BarStart BarIterLimit NonConvex NLPMuUpdate NLPLinScale NLPIterLimit Threads BarThreads SimplexThreads
    CrossoverThreads Crossover SDPMethod IISMethod FeasRelaxMode MipStartMode MipStartNodeLimit TuneMethod
    TuneMode TuneMeasure TunePermutes TuneOutputLevel MultiObjParamMode LazyConstraints LinearizeIndicators
    LinearizeSos MipRepair MipNLPIterLimit WriteDualProb
"""
_ATTRIBUTES = """
    SolvingTime ObjConst ObjVal ObjBound LpObjVal BestObj BestBnd BestGap FeasRelaxObj MemPeak MinElem MaxElem
    MinBound MaxBound MinCost MaxCost MinRHS MaxRHS MinQElem MaxQElem MinQLElem MaxQLElem MinQRHS MaxQRHS
    MinQCost MaxQCost MultiObjs Cols PsdCols=PSDCols Rows Elems QElems NLElems PsdElems=PSDElems SymMats Bins
    Ints Soss Cones ExpCones AffineCones QConstrs NLConstrs PsdConstrs=PSDConstrs LmiConstrs=LMIConstrs
    Indicators IISCols IISRows IISSOSs IISIndicators ObjSense Status HasSol LpStatus MipStatus SimplexIter
    BarrierIter PDLPIter NodeCnt PoolSols TuneResults HasLpSol HasDualFarkas HasPrimalRay HasBasis HasMipSol
    HasBranchFactor HasQObj HasNLObj HasPsdObj=HasPSDObj HasIIS HasFeasRelaxSol HasSensitivity IsMIP IsMinIIS
"""
_INFORMATION = """
    Obj LB UB Value Slack Dual RedCost DualFarkas PrimalRay RelaxLB RelaxUB RelaxValue BranchFactor SAObjLow
    SAObjUp SALBLow SALBUp SAUBLow SAUBUp
"""
_CALLBACK = """
    BestObj BestBnd HasIncumbent Incumbent MipCandidate MipCandObj RelaxSolution RelaxSolObj NodeStatus
"""


def _names(text: str) -> dict[str, str]:
    """Member and value of an enumeration of names; `A=B` where they differ."""
    pairs = (word.partition("=") for word in text.split())
    return {name: value or name for name, _, value in pairs}


PARAMETER_NAMES = _names(_PARAMETERS)
ATTRIBUTE_NAMES = _names(_ATTRIBUTES)
INFORMATION_NAMES = _names(_INFORMATION)

ParamEnum = type("ParamEnum", (), dict(PARAMETER_NAMES))
AttrEnum = type("AttrEnum", (), dict(ATTRIBUTE_NAMES))
InfoEnum = type("InfoEnum", (), dict(INFORMATION_NAMES))
CBInfoEnum = type("CBInfoEnum", (), _names(_CALLBACK))


class COPT:
    """The constants, with the numbers and letters of coptpy 8.0."""

    VERSION_MAJOR, VERSION_MINOR, VERSION_TECHNICAL = 8, 0, 7
    Version = version = "8.0.7"

    MINIMIZE, MAXIMIZE = 1, -1
    INFINITY, UNDEFINED = 1e30, 1e40
    LESS_EQUAL, GREATER_EQUAL, EQUAL, FREE, RANGE = "L", "G", "E", "N", "R"
    CONTINUOUS, BINARY, INTEGER = "C", "B", "I"

    SOS_TYPE1, SOS_TYPE2 = 1, 2
    CONE_QUAD, CONE_RQUAD = 1, 2
    EXPCONE_PRIMAL, EXPCONE_DUAL = 3, 4
    GENCONSTR_ABS, GENCONSTR_AND, GENCONSTR_MAX, GENCONSTR_MIN, GENCONSTR_OR, GENCONSTR_PWL = 1, 2, 3, 4, 5, 6
    INDICATOR_IF, INDICATOR_ONLYIF, INDICATOR_IFANDONLYIF = 1, 2, 3

    BASIS_LOWER, BASIS_BASIC, BASIS_UPPER, BASIS_SUPERBASIC, BASIS_FIXED = 0, 1, 2, 3, 4

    UNSTARTED, OPTIMAL, INFEASIBLE, UNBOUNDED, INF_OR_UNB, NUMERICAL = 0, 1, 2, 3, 4, 5
    NODELIMIT, IMPRECISE, TIMEOUT, UNFINISHED, INTERRUPTED, ITERLIMIT = 6, 7, 8, 9, 10, 11
    LOCAL_OPTIMAL, LOCAL_INFEASIBLE = 20, 21

    CBCONTEXT_MIPRELAX, CBCONTEXT_MIPSOL, CBCONTEXT_MIPNODE, CBCONTEXT_INCUMBENT = 1, 2, 4, 8
    EVALTYPE_OBJVAL, EVALTYPE_CONSTRVAL, EVALTYPE_GRADIENT, EVALTYPE_JACOBIAN, EVALTYPE_HESSIAN = 1, 2, 4, 8, 16
    DENSETYPE_ROWMAJOR, DENSETYPE_COLMAJOR = -1, -2

    CLIENT_CAFILE, CLIENT_CERTFILE, CLIENT_CERTKEYFILE = "CaFile", "CertFile", "CertKeyFile"
    CLIENT_CLUSTER, CLIENT_FLOATING, CLIENT_PASSWORD, CLIENT_PORT = "Cluster", "Floating", "PassWord", "Port"
    CLIENT_PRIORITY, CLIENT_WAITTIME, CLIENT_WEBSERVER = "Priority", "WaitTime", "WebServer"
    CLIENT_WEBLICENSEID, CLIENT_WEBACESSKEY = "WebLicenseId", "WebAccessKey"
    CLIENT_WEBTOKENDURATION = "WebTokenDuration"

    Param: ClassVar = ParamEnum()
    param: ClassVar = Param
    Attr: ClassVar = AttrEnum()
    attr: ClassVar = Attr
    Info: ClassVar = InfoEnum()
    info: ClassVar = Info
    CBInfo: ClassVar = CBInfoEnum()
    CbInfo: ClassVar = CBInfo
    cbinfo: ClassVar = CBInfo


CLIENT_SETTINGS = frozenset(value for name, value in vars(COPT).items() if name.startswith("CLIENT_"))
